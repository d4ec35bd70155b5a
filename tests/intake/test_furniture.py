"""The page's words and the article's words are told apart."""

import pytest

from bot.intake.furniture import is_furniture, is_wall

FURNITURE = """
Skip to main content
Saltar al contenido principal
Ir para o conteúdo
Donate
Donate now to keep our reporting free for everyone.
Sign up for our newsletter and never miss a story.
Subscribe
Suscríbete a nuestro boletín semanal
Assine nossa newsletter
Inscreva-se no canal do WhatsApp
Share this article
Share
Comparte
Compartilhe
Follow us on Twitter
Síguenos en Facebook
We use cookies to improve your experience.
Usamos cookies para mejorar tu experiencia.
Accept all cookies
By Ana López
Por Ana López y Juan Pérez
Texto: Ana López
Read more
Read more: the river that would not die
Continue reading
Lee también: el río que no muere
Leia mais
Leia também: o rio
Te puede interesar
Photo: A. N. Other/AP
Photo by A. N. Other
Foto: Archivo
Image credit: Getty Images
Imagen: Prensa
Advertisement
Publicidad
Tags: river, mine
The post Eight are free appeared first on River Watch.
This article was first published by River Watch.
All rights reserved
Todos los derechos reservados
5 min read
© 2026 River Watch
About the author
Related articles
Support our work
Enable JavaScript to see this page
Published on 3 December 2026
Associated Press writers in Kabul contributed to this story.
""".strip().split("\n")

ARTICLE = """
By Friday the defenders had left the prison, and the court had to follow.
Por eso el gobierno decidió no firmar el acuerdo de paz con los campesinos.
The government said that it would publish the report by Friday.
Subscribers to the pension fund lost money when the mine closed.
Compartir la tierra es el lema del movimiento campesino desde hace décadas.
Sharing the land is what the movement asks for.
The donor states signed the agreement in Quito after three days of talks.
Related companies own the port, the railway and the mine.
Photographs of the dead were carried through the streets of the capital.
The support of the unions was decisive, said the leader of the teachers.
Readers of the paper know the story of the river and its people.
""".strip().split("\n")


@pytest.mark.parametrize("line", FURNITURE)
def test_what_the_page_says_about_itself_is_furniture(line: str) -> None:
    """In three languages."""
    assert is_furniture(line)


@pytest.mark.parametrize("line", ARTICLE)
def test_what_the_article_says_is_none(line: str) -> None:
    """Even where it uses the same words."""
    assert not is_furniture(line)


@pytest.mark.parametrize(
    "text",
    [
        "This post is for paid subscribers",
        "Subscribe to continue reading",
        "Contenido exclusivo para suscriptores",
        "Para continuar lendo, entre na sua conta",
    ],
)
def test_a_wall_is_seen(text: str) -> None:
    """The rest is for those who pay or sign in."""
    assert is_wall(f"The river rose. {text}.")
    assert not is_wall("The river rose over the wall.")
