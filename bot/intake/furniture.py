"""Tells what a page says about itself from what its article says.

Pure. Menus, appeals, share bars, cookie notes, bylines, credits and invitations to read on are
furniture: no such line reaches a post. English, Spanish and Portuguese.
"""

import re

from bot.intake.folding import folded

MAX_LINE = 140
MAX_APPEAL = 400

# At the beginning of folded text (no case, no accents) of no more than MAX_LINE signs.
BEGINS = re.compile(
    r"""^\W*(?:
      skip\ to|jump\ to|saltar\ al|ir\ al\ contenido|pular\ para|ir\ para\ o\ conteudo
    | (?:please\ )?(?:donate|subscribe|sign\ up|sign\ in|log\ in|join\ us|follow\ us|like\ us)\b
    | (?:suscrib\w+|inscrib\w+|registra\w+|siguenos|sigue\ a|dona\b|inicia\ sesion|unete|apoyanos)
    | (?:assine|inscreva|cadastre|siga|doe\b|entre\ no|faca\ (?:login|uma\ doacao)|apoie)
    | (?:read|see|find\ out|learn|discover|watch|listen)\ (?:more|also|next|on)\b
    | (?:continue|keep)\ reading
    | (?:related|recommended)\W*(?:$|:|articles|posts|stories|content|reading|topics)
    | more\ (?:from|on|about|stories)\b
    | (?:lee|leer|lea|ver|mira)\ (?:mas|tambien|ademas)\b | te\ puede\ interesar | seguir\ leyendo
    | (?:leia|veja|saiba|confira|ouca)\ (?:mais|tambem)\b | continue\ (?:lendo|a\ ler)
    | relacionad[oa]s | (?:noticias|artigos|notas)\ relacionad
    | (?:share|tweet|print|email)\ ?(?:this|on|via|article|$)
    | compart(?:e|ir|a|ilhe|ilhar)(?:\ (?:est|en\b|no\b|via)|\W*$)
    | (?:photo|photograph|image|picture|illustration|video|credit|caption|source|graphic)
      (?:\ (?:by|credit|courtesy))?\s*[:/©|]
    | (?:photo|image|illustration|picture|photograph)\ (?:by|courtesy|credit)
    | (?:foto|fotos|imagen|imagem|fotografia|ilustracion|ilustracao|credito|fuente|fonte|video)
      s?(?:\ de)?\s*[:/©|]
    | (?:advertisement|publicidad|publicidade|anuncio|sponsored|patrocinado|promoted)\b
    | (?:by|por|de|texto|text|words)\ *:?\ *[^.!?]{2,60}$
    | (?:published|posted|updated|last\ (?:updated|modified)|publicad[oa]|actualizad[oa]
      |atualizad[oa]|postado)\b[^.!?]{0,60}$
    | (?:tags|etiquetas|categories|categorias|topics|temas|filed\ under|posted\ in)\s*:
    | ©|\(c\)\ |copyright\b
    | (?:about|sobre)\ (?:the\ author|el\ autor|la\ autora|o\ autor|a\ autora)
    | (?:leave\ a|post\ a|deja\ un|deixe\ um)\ (?:reply|comment|coment)
    | (?:this\ (?:article|post|story|piece)\ (?:was|first|originally|appeared|is\ (?:for
      |republished)))
    | (?:this\ site|we\ use|our\ site|este\ sitio|este\ site|usamos|utilizamos)\ .{0,40}cookies
    | (?:click|tap|haz\ clic|haga\ clic|clique)\b | (?:download|descarga|baixe)\b
    | (?:get|receive|recibe|receba)\ (?:our|the\ latest|nuestr|noss|las\ ultimas|as\ ultimas)
    | (?:support|help\ us|fund)\ (?:our|us|independent|this|keep)\b | (?:ayudanos|ajude)\b
    | (?:thanks|thank\ you)\ for\ (?:reading|subscrib|signing)
    | (?:the\ post|la\ entrada|o\ post)\ .{3,300}(?:appeared\ first|se\ publico|aparece\ primero
      |apareceu\ primeiro)
    | (?:with|con|com)\ (?:reporting|information|informacion|informacoes)\ (?:by|from|de)\b
    | (?:editing|reporting|edited|translated|traducido|traduccion|edicion|traducao
      |edicao)\ (?:by|de|por)\b
    | (?:view|open)\ (?:in|this\ email)\b | (?:comments?|comentarios?)\s*(?:\(|\d|$)
    | (?:\d+\ )?(?:min(?:ute)?s?|minutos?)\ (?:read|de\ lect|de\ leit)
    )""",
    re.VERBOSE,
)
# Anywhere in a paragraph of no more than MAX_APPEAL signs.
CONTAINS = re.compile(
    r"""\b(?:
      (?:sign\ up|subscribe|register)\ (?:to|for|here|now|today|and)\b | subscribe\ to\ (?:our|the)
    | (?:our|my|this|a\ free|weekly|daily)\ newsletter | newsletter\ (?:sign|here)
    | (?:make|give|chip\ in|set\ up)\ (?:a\ )?(?:donation|monthly\ gift)
    | donate\ (?:now|today|here|to)
    | become\ a\ (?:member|supporter|subscriber|patron|paid) | paid\ subscri | tax[- ]deductible
    | (?:nuestro|el|al)\ boletin | boletin\ (?:semanal|diario|de\ noticias) | suscribete
    | suscribirte
    | hazte\ (?:soci|miembro|suscriptor)
    | (?:haz|hacer|faca|fazer)\ (?:una|um|uma)\ (?:donacion|doacao)
    | (?:nossa|a)\ newsletter | nosso\ boletim | canal\ (?:de|do|no)\ (?:whatsapp|telegram)
    | (?:follow|siguenos|siga|find)\ (?:us\ )?(?:on|en|no|na)\ (?:twitter|x|facebook
      |instagram|telegram
      |whatsapp|google|bluesky|tiktok|linkedin|threads|mastodon|youtube)
    | (?:privacy|cookie)\ (?:policy|settings|preferences|notice)
    | (?:politica|aviso)\ de\ (?:privacidad
      |privacidade|cookies) | accept\ (?:all\ )?cookies | aceptar\ (?:todas\ )?(?:las\ )?cookies
    | all\ rights\ reserved | (?:todos\ )?(?:los\ )?derechos\ reservados | todos\ os\ direitos
    | creative\ commons | terms\ (?:of|and)\ (?:use|service|conditions) | terminos\ y\ condiciones
    | click\ here | haz\ clic | clique\ aqui | (?:view|watch)\ this\ post\ on
    | ver\ esta\ publicacion
    | enable\ javascript | your\ browser | tu\ navegador | seu\ navegador | ad\ ?blocker
    | share\ this\ (?:article|post|story|page) | (?:comparte|compartilhe)\ (?:este|esta|esto)
    | appeared\ first\ on | was\ originally\ published | republish\ (?:this|our)
    | contribut(?:ed|ing)\ to\ this\ (?:story|report|article|piece)
    | (?:is\ a|the)\ (?:staff\ writer|author\ of)
    | (?:photo|photograph|foto|fotografia|picture|imagen|imagem)\ ?:
    | getty\ images | ap\ photo | photo(?:graph)?\ by | file\ photo | imagen\ de\ archivo
    )""",
    re.VERBOSE,
)
WALL = re.compile(
    r"""\b(?:
      (?:this|the)\ (?:post|article|story|content)\ is\ (?:for|only\ (?:for|available))\ .{0,30}
      (?:subscribers|members)
    | (?:subscribe|sign\ in|log\ in|register)\ to\ (?:continue|keep|read|unlock|view)
    | to\ continue\ reading | already\ a\ (?:subscriber|member)
    | unlock\ this\ (?:article|post|story)
    | (?:contenido|articulo|nota)\ .{0,20}(?:exclusiv\w+|solo)\ para\ (?:suscriptor|abonad|soci)
    | para\ seguir\ leyendo | ya\ eres\ (?:suscriptor|soci)
    | (?:conteudo|materia)\ .{0,20}exclusiv\w+\ para
      \ assinantes | para\ continuar\ lendo | ja\ e\ assinante
    )""",
    re.VERBOSE,
)


def is_furniture(line: str) -> bool:
    """Whether a line or paragraph is the page's and not the article's."""
    plain = folded(line).strip()
    if len(plain) <= MAX_APPEAL and CONTAINS.search(plain):
        return True
    return len(plain) <= MAX_LINE and BEGINS.match(plain) is not None


def is_wall(text: str) -> bool:
    """Whether the page says that the rest is for those who pay or sign in."""
    return WALL.search(folded(text)) is not None


def without_furniture(lines: list[str]) -> list[str]:
    """The lines that are the article's."""
    return [line for line in lines if line and not is_furniture(line)]
