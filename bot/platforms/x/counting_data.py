"""The lists that counting.py and hosts.py read: top-level names and emoji, then and now.

Generated on 2026-11-23 by bench/generate_counting_data.py; do not edit. Sources:
twitter-text-parser 3.0.0, publicsuffixlist 1.1.2.20261023, emoji 2.16.0.
"""

NAMES_KEPT = """
aaa aarp abb abbott abbvie abc able abogado abudhabi ac academy accenture accountant accountants
aco actor ad ads adult ae aeg aero aetna af afl africa ag agakhan agency ai aig airbus airforce
airtel akdn al alibaba alipay allfinanz allstate ally alsace alstom am americanexpress
americanfamily amex amfam amica amsterdam analytics android anquan anz ao aol apartments app
apple aq aquarelle ar arab aramco archi army arpa art arte as asda asia associates at athleta
attorney au auction audi audible audio auspost author auto autos aw aws ax axa az azure ba baby
baidu banamex band bank bar barcelona barclaycard barclays barefoot bargains baseball basketball
bauhaus bayern bb bbc bbt bbva bcg bcn bd be beats beauty beer berlin best bestbuy bet bf bg bh
bharti bi bible bid bike bing bingo bio biz bj black blackfriday blockbuster blog bloomberg blue
bm bms bmw bn bnpparibas bo boats boehringer bofa bom bond boo book booking bosch bostik boston
bot boutique box br bradesco bridgestone broadway broker brother brussels bs bt build builders
business buy buzz bv bw by bz bzh ca cab cafe cal call calvinklein cam camera camp canon
capetown capital capitalone car caravan cards care career careers cars casa case cash casino cat
catering catholic cba cbn cbre cc cd center ceo cern cf cfa cfd cg ch chanel channel charity
chase chat cheap chintai christmas chrome church ci cipriani circle cisco citadel citi citic
city ck cl claims cleaning click clinic clinique clothing cloud club clubmed cm cn co coach
codes coffee college cologne com commbank community company compare computer comsec condos
construction consulting contact contractors cooking cool coop corsica country coupon coupons
courses cpa cr credit creditcard creditunion cricket crown crs cruise cruises cu cuisinella cv
cw cx cy cymru cyou cz dad dance data date dating datsun day dclk dds de deal dealer deals
degree delivery dell deloitte delta democrat dental dentist desi design dev dhl diamonds diet
digital direct directory discount discover dish diy dj dk dm dnp do docs doctor dog domains dot
download drive dtv dubai dupont durban dvag dvr dz earth eat ec eco edeka edu education ee eg
email emerck energy engineer engineering enterprises epson equipment er ericsson erni es esq
estate et eu eurovision eus events exchange expert exposed express extraspace fage fail
fairwinds faith family fan fans farm farmers fashion fast fedex feedback ferrari ferrero fi
fidelity fido film final finance financial fire firestone firmdale fish fishing fit fitness fj
fk flickr flights flir florist flowers fly fm fo foo food football ford forex forsale forum
foundation fox fr free fresenius frl frogans frontier ftr fujitsu fun fund furniture futbol fyi
ga gal gallery gallo gallup game games gap garden gay gb gbiz gd gdn ge gea gent genting george
gf gg ggee gh gi gift gifts gives giving gl glass gle global globo gm gmail gmbh gmo gmx gn
godaddy gold goldpoint golf goodyear goog google gop got gov gp gq gr grainger graphics gratis
green gripe grocery group gs gt gu gucci guge guide guitars guru gw gy hair hamburg hangout haus
hbo hdfc hdfcbank health healthcare help helsinki here hermes hiphop hisamitsu hitachi hiv hk
hkt hm hn hockey holdings holiday homedepot homegoods homes homesense honda horse hospital host
hosting hot hotels hotmail house how hr hsbc ht hu hughes hyatt hyundai ibm icbc ice icu id ie
ieee ifm ikano il im imamat imdb immo immobilien in inc industries infiniti info ing ink
institute insurance insure int international intuit investments io ipiranga iq ir irish is
ismaili ist istanbul it itau itv jaguar java jcb je jeep jetzt jewelry jio jll jm jmp jnj jo
jobs joburg jot joy jp jpmorgan jprs juegos kaufen kddi ke kerryhotels kerryproperties kfh kg kh
ki kia kim kindle kitchen kiwi km kn koeln komatsu kosher kp kpmg kpn kr krd kred kuokgroup kw
ky kyoto kz la lacaixa lamborghini lamer land landrover lanxess lasalle lat latino latrobe law
lawyer lb lc lds lease leclerc lefrak legal lego lexus lgbt li lidl life lifeinsurance lifestyle
lighting like lilly limited limo lincoln link live living lk llc llp loan loans locker locus lol
london lotte lotto love lpl lplfinancial lr ls lt ltd ltda lu lundbeck luxe luxury lv ly ma
madrid maif maison makeup man management mango map market marketing markets marriott marshalls
mattel mba mc mckinsey md me med media meet melbourne meme memorial men menu merckmsd mg mh
miami microsoft mil mini mint mit mitsubishi mk ml mlb mls mm mma mn mo mobi mobile moda moe moi
mom monash money monster mormon mortgage moscow moto motorcycles mov movie mp mq mr ms msd mt
mtn mtr mu museum mv mw mx my mz na nab nagoya name navy nba nc ne nec net netbank netflix
network neustar new news next nextdirect nexus nf nfl ng ngo nhk ni nico nike nikon ninja nissan
nissay nl no nokia norton now nowruz nowtv np nr nra nrw ntt nu nyc nz obi observer office
okinawa olayan olayangroup ollo om omega one ong onion onl online ooo open oracle orange org
organic origins osaka otsuka ott ovh pa page panasonic paris pars partners parts party pay pccw
pe pet pf pfizer pg ph pharmacy phd philips phone photo photography photos physio pics pictet
pictures pid pin ping pink pioneer pizza pk pl place play playstation plumbing plus pm pn pnc
pohl poker politie porn post pr praxi press prime pro prod productions prof progressive promo
properties property protection pru prudential ps pt pub pw pwc py qa qpon quebec quest racing
radio re read realestate realtor realty recipes red redumbrella rehab reise reisen reit reliance
ren rent rentals repair report republican rest restaurant review reviews rexroth rich richardli
ricoh ril rio rip ro rocks rodeo rogers room rs rsvp ru rugby ruhr run rw rwe ryukyu sa saarland
safe safety sakura sale salon samsclub samsung sandvik sandvikcoromant sanofi sap sarl sas save
saxo sb sbi sbs sc scb schaeffler schmidt scholarships school schule schwarz science scot sd se
search seat secure security seek select sener services seven sew sex sexy sfr sg sh shangrila
sharp shell shia shiksha shoes shop shopping shouji show si silk sina singles site sj sk ski
skin sky skype sl sling sm smart smile sn sncf so soccer social softbank software sohu solar
solutions song sony soy space sport spot sr srl ss st stada staples star statebank statefarm stc
stcgroup stockholm storage store stream studio study style su sucks supplies supply support surf
surgery suzuki sv swatch swiss sx sy sydney systems sz tab taipei talk taobao target tatamotors
tatar tattoo tax taxi tc tci td tdk team tech technology tel temasek tennis teva tf tg th thd
theater theatre tiaa tickets tienda tips tires tirol tj tjmaxx tjx tk tkmaxx tl tm tmall tn to
today tokyo tools top toray toshiba total tours town toyota toys tr trade trading training
travel travelers travelersinsurance trust trv tt tube tui tunes tushu tv tvs tw tz ua ubank ubs
ug uk unicom university uno uol ups us uy uz va vacations vana vanguard vc ve vegas ventures
verisign versicherung vet vg vi viajes video vig viking villas vin vip virgin visa vision viva
vivo vlaanderen vn vodka volvo vote voting voto voyage vu wales walmart walter wang wanggou
watch watches weather weatherchannel webcam weber website wed wedding weibo weir wf whoswho wien
wiki williamhill win windows wine winners wme woodside work works world wow ws wtc wtf xbox
xerox xihuan xin xn--11b4c3d xn--1ck2e1b xn--1qqw23a xn--2scrj9c xn--30rr7y xn--3bst00m
xn--3ds443g xn--3e0b707e xn--3hcrj9c xn--3pxu8k xn--42c2d9a xn--45br5cyl xn--45brj9c xn--45q11c
xn--4gbrim xn--54b7fta0cc xn--55qw42g xn--55qx5d xn--5su34j936bgsg xn--5tzm5g xn--6frz82g
xn--6qq986b3xl xn--80adxhks xn--80ao21a xn--80aqecdr1a xn--80asehdb xn--80aswg xn--8y0a063a
xn--90a3ac xn--90ae xn--90ais xn--9dbq2a xn--9et52u xn--9krt00a xn--b4w605ferd xn--bck1b9a5dre4c
xn--c1avg xn--c2br7g xn--cck2b3b xn--cg4bki xn--clchc0ea0b2g2a9gcd xn--czr694b xn--czrs0t
xn--czru2d xn--d1acj3b xn--d1alf xn--e1a4c xn--eckvdtc9d xn--efvy88h xn--fct429k xn--fhbei
xn--fiq228c5hs xn--fiq64b xn--fiqs8s xn--fiqz9s xn--fjq720a xn--flw351e xn--fpcrj9c3d
xn--fzc2c9e2c xn--fzys8d69uvgm xn--g2xx48c xn--gckr3f0f xn--gecrj9c xn--gk3at1e xn--h2breg3eve
xn--h2brj9c xn--h2brj9c8c xn--hxt814e xn--i1b6b1a6a2e xn--imr513n xn--io0a7i xn--j1aef xn--j1amh
xn--j6w193g xn--jvr189m xn--kcrx77d1x4a xn--kprw13d xn--kpry57d xn--kput3i xn--l1acc
xn--lgbbat1ad8j xn--mgb9awbf xn--mgba3a3ejt xn--mgba3a4f16a xn--mgba7c0bbn0a xn--mgbaam7a8h
xn--mgbab2bd xn--mgbah1a3hjkrd xn--mgbai9azgqp6j xn--mgbayh7gpa xn--mgbbh1a xn--mgbbh1a71e
xn--mgbc0a9azcg xn--mgbca7dzdo xn--mgbcpq6gpa1a xn--mgberp4a5d4ar xn--mgbgu82a xn--mgbi4ecexp
xn--mgbpl2fh xn--mgbt3dhd xn--mgbtx2b xn--mgbx4cd0ab xn--mix891f xn--mk1bu44c xn--mxtq1m
xn--ngbc5azd xn--ngbe9e0a xn--ngbrx xn--node xn--nqv7f xn--nqv7fs00ema xn--nyqy26a xn--o3cw4h
xn--ogbpf8fl xn--otu796d xn--p1acf xn--p1ai xn--pgbs0dh xn--pssy2u xn--q7ce6a xn--q9jyb4c
xn--qcka1pmc xn--qxa6a xn--qxam xn--rhqv96g xn--rovu88b xn--rvc1e0am3e xn--s9brj9c xn--ses554g
xn--t60b56a xn--tckwe xn--tiq49xqyj xn--unup4y xn--vermgensberater-ctb xn--vermgensberatung-pwb
xn--vhquv xn--vuq861b xn--w4r85el8fhu5dnra xn--w4rs40l xn--wgbh1c xn--wgbl6a xn--xhq521b
xn--xkc2al3hye2a xn--xkc2dl3a5ee0h xn--y9a3aq xn--yfro4i67o xn--ygbi2ammx xn--zfr164b xxx xyz
yachts yahoo yamaxun yandex ye yodobashi yoga yokohama you youtube yt yun za zappos zara zero
zip zm zone zuerich zw
"""

NAMES_GONE = """
abarth active adac afamilycompany aigo alfaromeo an avianca bananarepublic bentley bl blanco bnl
boots bq budapest bugatti cancerresearch cartier caseih cbs ceb chloe chrysler cityeats comcast
cookingchannel csc dabur dodge doha doosan duck dunlop duns eh epost esurance etisalat everbank
fiat flsmidth foodnetwork frontdoor fujixerox glade goo goodhands guardian hgtv honeywell
hoteles htc iinet intel iselect iveco iwc jcp jlc juniper kerrylogistics kinder ladbrokes
lancaster lancia lancome liaison linde lipsy lixil loft lupin macys maserati mcd mcdonalds meo
metlife mf mobily montblanc mopar movistar mtpc mutual mutuelle nadex nationwide natura
newholland northwesternmutual off oldnavy onyourside orientexpress pamperedchef panerai
passagens piaget pramerica qvc raid redstone rightathome rmit rocher sapo sca scjohnson scor ses
shaw showtime shriram spiegel spreadbetting srt starhub statoil swiftcover symantec telecity
telefonica tiffany tp travelchannel uconnect um vista vistaprint volkswagen vuelos warman
wolterskluwer xfinity xn--3oq18vl8pn36a xn--estv75g xn--jlq61u9w7b xn--kpu716f xn--mgbaakc7dvf
xn--mgbb9fbpob xn--pbt977c xperia zippo
"""

NAMES_NEW = """
amazon hotel kids merck music spa web xn--4dbrk0ce xn--cckwcxetd xn--jlq480n2rg xn--mgb2ddes
xn--mgba3a4fra xn--mgbai9a5eva00b xn--mgberp4a5d4a87g xn--mgbqly7c0a67fbc xn--mgbqly7cvafr
xn--mgbtf8fl xn--mix082f xn--nnx388a
"""

FLAGS = """
AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO
DZ EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT
GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR
KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU
MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA
ZM ZW
"""

KEYCAPS = """
# * 0 1 2 3 4 5 6 7 8 9
"""

EMOJI = """
1F170-V 1F171-V 1F17E-V 1F17F-V 1F202-V 1F237-V 1F321-V 1F324-V 1F325-V 1F326-V 1F327-V 1F328-V
1F329-V 1F32A-V 1F32B-V 1F32C-V 1F336-V 1F37D-V 1F385-T 1F396-V 1F397-V 1F399-V 1F39A-V 1F39B-V
1F39E-V 1F39F-V 1F3C2-T 1F3C3-J-2640-S 1F3C3-J-2642-S 1F3C3-T 1F3C3-T-J-2640-S 1F3C3-T-J-2642-S
1F3C4-J-2640-S 1F3C4-J-2642-S 1F3C4-T 1F3C4-T-J-2640-S 1F3C4-T-J-2642-S 1F3C7-T 1F3CA-J-2640-S
1F3CA-J-2642-S 1F3CA-T 1F3CA-T-J-2640-S 1F3CA-T-J-2642-S 1F3CB-J-2640-S 1F3CB-J-2642-S
1F3CB-S-J-2640 1F3CB-S-J-2640-S 1F3CB-S-J-2642 1F3CB-S-J-2642-S 1F3CB-T 1F3CB-T-J-2640-S
1F3CB-T-J-2642-S 1F3CB-V 1F3CC-J-2640-S 1F3CC-J-2642-S 1F3CC-S-J-2640 1F3CC-S-J-2640-S
1F3CC-S-J-2642 1F3CC-S-J-2642-S 1F3CC-T 1F3CC-T-J-2640-S 1F3CC-T-J-2642-S 1F3CC-V 1F3CD-V
1F3CE-V 1F3D4-V 1F3D5-V 1F3D6-V 1F3D7-V 1F3D8-V 1F3D9-V 1F3DA-V 1F3DB-V 1F3DC-V 1F3DD-V 1F3DE-V
1F3DF-V 1F3F3-S-J-1F308 1F3F3-V 1F3F4-E0067-E0062-E0065-E006E-E0067-E007F
1F3F4-E0067-E0062-E0073-E0063-E0074-E007F 1F3F4-E0067-E0062-E0077-E006C-E0073-E007F
1F3F4-J-2620-S 1F3F5-V 1F3F7-V 1F415-J-1F9BA 1F43F-V 1F441-J-1F5E8-S 1F441-S-J-1F5E8
1F441-S-J-1F5E8-S 1F441-V 1F442-T 1F443-T 1F446-T 1F447-T 1F448-T 1F449-T 1F44A-T 1F44B-T
1F44C-T 1F44D-T 1F44E-T 1F44F-T 1F450-T 1F466-T 1F467-T 1F468-1F3FC-J-1F91D-J-1F468-1F3FB
1F468-1F3FD-J-1F91D-J-1F468-1F3FB 1F468-1F3FD-J-1F91D-J-1F468-1F3FC
1F468-1F3FE-J-1F91D-J-1F468-1F3FB 1F468-1F3FE-J-1F91D-J-1F468-1F3FC
1F468-1F3FE-J-1F91D-J-1F468-1F3FD 1F468-1F3FF-J-1F91D-J-1F468-1F3FB
1F468-1F3FF-J-1F91D-J-1F468-1F3FC 1F468-1F3FF-J-1F91D-J-1F468-1F3FD
1F468-1F3FF-J-1F91D-J-1F468-1F3FE 1F468-J-1F33E 1F468-J-1F373 1F468-J-1F393 1F468-J-1F3A4
1F468-J-1F3A8 1F468-J-1F3EB 1F468-J-1F3ED 1F468-J-1F466 1F468-J-1F466-J-1F466 1F468-J-1F467
1F468-J-1F467-J-1F466 1F468-J-1F467-J-1F467 1F468-J-1F468-J-1F466 1F468-J-1F468-J-1F466-J-1F466
1F468-J-1F468-J-1F467 1F468-J-1F468-J-1F467-J-1F466 1F468-J-1F468-J-1F467-J-1F467
1F468-J-1F469-J-1F466 1F468-J-1F469-J-1F466-J-1F466 1F468-J-1F469-J-1F467
1F468-J-1F469-J-1F467-J-1F466 1F468-J-1F469-J-1F467-J-1F467 1F468-J-1F4BB 1F468-J-1F4BC
1F468-J-1F527 1F468-J-1F52C 1F468-J-1F680 1F468-J-1F692 1F468-J-1F9AF 1F468-J-1F9B0
1F468-J-1F9B1 1F468-J-1F9B2 1F468-J-1F9B3 1F468-J-1F9BC 1F468-J-1F9BD 1F468-J-2695-S
1F468-J-2696-S 1F468-J-2708-S 1F468-J-2764-S-J-1F468 1F468-J-2764-S-J-1F48B-J-1F468 1F468-T
1F468-T-J-1F33E 1F468-T-J-1F373 1F468-T-J-1F393 1F468-T-J-1F3A4 1F468-T-J-1F3A8 1F468-T-J-1F3EB
1F468-T-J-1F3ED 1F468-T-J-1F4BB 1F468-T-J-1F4BC 1F468-T-J-1F527 1F468-T-J-1F52C 1F468-T-J-1F680
1F468-T-J-1F692 1F468-T-J-1F9AF 1F468-T-J-1F9B0 1F468-T-J-1F9B1 1F468-T-J-1F9B2 1F468-T-J-1F9B3
1F468-T-J-1F9BC 1F468-T-J-1F9BD 1F468-T-J-2695-S 1F468-T-J-2696-S 1F468-T-J-2708-S
1F469-1F3FB-J-1F91D-J-1F468-1F3FC 1F469-1F3FB-J-1F91D-J-1F468-1F3FD
1F469-1F3FB-J-1F91D-J-1F468-1F3FE 1F469-1F3FB-J-1F91D-J-1F468-1F3FF
1F469-1F3FC-J-1F91D-J-1F468-1F3FB 1F469-1F3FC-J-1F91D-J-1F468-1F3FD
1F469-1F3FC-J-1F91D-J-1F468-1F3FE 1F469-1F3FC-J-1F91D-J-1F468-1F3FF
1F469-1F3FC-J-1F91D-J-1F469-1F3FB 1F469-1F3FD-J-1F91D-J-1F468-1F3FB
1F469-1F3FD-J-1F91D-J-1F468-1F3FC 1F469-1F3FD-J-1F91D-J-1F468-1F3FE
1F469-1F3FD-J-1F91D-J-1F468-1F3FF 1F469-1F3FD-J-1F91D-J-1F469-1F3FB
1F469-1F3FD-J-1F91D-J-1F469-1F3FC 1F469-1F3FE-J-1F91D-J-1F468-1F3FB
1F469-1F3FE-J-1F91D-J-1F468-1F3FC 1F469-1F3FE-J-1F91D-J-1F468-1F3FD
1F469-1F3FE-J-1F91D-J-1F468-1F3FF 1F469-1F3FE-J-1F91D-J-1F469-1F3FB
1F469-1F3FE-J-1F91D-J-1F469-1F3FC 1F469-1F3FE-J-1F91D-J-1F469-1F3FD
1F469-1F3FF-J-1F91D-J-1F468-1F3FB 1F469-1F3FF-J-1F91D-J-1F468-1F3FC
1F469-1F3FF-J-1F91D-J-1F468-1F3FD 1F469-1F3FF-J-1F91D-J-1F468-1F3FE
1F469-1F3FF-J-1F91D-J-1F469-1F3FB 1F469-1F3FF-J-1F91D-J-1F469-1F3FC
1F469-1F3FF-J-1F91D-J-1F469-1F3FD 1F469-1F3FF-J-1F91D-J-1F469-1F3FE 1F469-J-1F33E 1F469-J-1F373
1F469-J-1F393 1F469-J-1F3A4 1F469-J-1F3A8 1F469-J-1F3EB 1F469-J-1F3ED 1F469-J-1F466
1F469-J-1F466-J-1F466 1F469-J-1F467 1F469-J-1F467-J-1F466 1F469-J-1F467-J-1F467
1F469-J-1F469-J-1F466 1F469-J-1F469-J-1F466-J-1F466 1F469-J-1F469-J-1F467
1F469-J-1F469-J-1F467-J-1F466 1F469-J-1F469-J-1F467-J-1F467 1F469-J-1F4BB 1F469-J-1F4BC
1F469-J-1F527 1F469-J-1F52C 1F469-J-1F680 1F469-J-1F692 1F469-J-1F9AF 1F469-J-1F9B0
1F469-J-1F9B1 1F469-J-1F9B2 1F469-J-1F9B3 1F469-J-1F9BC 1F469-J-1F9BD 1F469-J-2695-S
1F469-J-2696-S 1F469-J-2708-S 1F469-J-2764-S-J-1F468 1F469-J-2764-S-J-1F469
1F469-J-2764-S-J-1F48B-J-1F468 1F469-J-2764-S-J-1F48B-J-1F469 1F469-T 1F469-T-J-1F33E
1F469-T-J-1F373 1F469-T-J-1F393 1F469-T-J-1F3A4 1F469-T-J-1F3A8 1F469-T-J-1F3EB 1F469-T-J-1F3ED
1F469-T-J-1F4BB 1F469-T-J-1F4BC 1F469-T-J-1F527 1F469-T-J-1F52C 1F469-T-J-1F680 1F469-T-J-1F692
1F469-T-J-1F9AF 1F469-T-J-1F9B0 1F469-T-J-1F9B1 1F469-T-J-1F9B2 1F469-T-J-1F9B3 1F469-T-J-1F9BC
1F469-T-J-1F9BD 1F469-T-J-2695-S 1F469-T-J-2696-S 1F469-T-J-2708-S 1F46B-T 1F46C-T 1F46D-T
1F46E-J-2640-S 1F46E-J-2642-S 1F46E-T 1F46E-T-J-2640-S 1F46E-T-J-2642-S 1F46F-J-2640-S
1F46F-J-2642-S 1F470-T 1F471-J-2640-S 1F471-J-2642-S 1F471-T 1F471-T-J-2640-S 1F471-T-J-2642-S
1F472-T 1F473-J-2640-S 1F473-J-2642-S 1F473-T 1F473-T-J-2640-S 1F473-T-J-2642-S 1F474-T 1F475-T
1F476-T 1F477-J-2640-S 1F477-J-2642-S 1F477-T 1F477-T-J-2640-S 1F477-T-J-2642-S 1F478-T 1F47C-T
1F481-J-2640-S 1F481-J-2642-S 1F481-T 1F481-T-J-2640-S 1F481-T-J-2642-S 1F482-J-2640-S
1F482-J-2642-S 1F482-T 1F482-T-J-2640-S 1F482-T-J-2642-S 1F483-T 1F485-T 1F486-J-2640-S
1F486-J-2642-S 1F486-T 1F486-T-J-2640-S 1F486-T-J-2642-S 1F487-J-2640-S 1F487-J-2642-S 1F487-T
1F487-T-J-2640-S 1F487-T-J-2642-S 1F4AA-T 1F4FD-V 1F549-V 1F54A-V 1F56F-V 1F570-V 1F573-V
1F574-T 1F574-V 1F575-J-2640-S 1F575-J-2642-S 1F575-S-J-2640 1F575-S-J-2640-S 1F575-S-J-2642
1F575-S-J-2642-S 1F575-T 1F575-T-J-2640-S 1F575-T-J-2642-S 1F575-V 1F576-V 1F577-V 1F578-V
1F579-V 1F57A-T 1F587-V 1F58A-V 1F58B-V 1F58C-V 1F58D-V 1F590-T 1F590-V 1F595-T 1F596-T 1F5A5-V
1F5A8-V 1F5B1-V 1F5B2-V 1F5BC-V 1F5C2-V 1F5C3-V 1F5C4-V 1F5D1-V 1F5D2-V 1F5D3-V 1F5DC-V 1F5DD-V
1F5DE-V 1F5E1-V 1F5E3-V 1F5E8-V 1F5EF-V 1F5F3-V 1F5FA-V 1F645-J-2640-S 1F645-J-2642-S 1F645-T
1F645-T-J-2640-S 1F645-T-J-2642-S 1F646-J-2640-S 1F646-J-2642-S 1F646-T 1F646-T-J-2640-S
1F646-T-J-2642-S 1F647-J-2640-S 1F647-J-2642-S 1F647-T 1F647-T-J-2640-S 1F647-T-J-2642-S
1F64B-J-2640-S 1F64B-J-2642-S 1F64B-T 1F64B-T-J-2640-S 1F64B-T-J-2642-S 1F64C-T 1F64D-J-2640-S
1F64D-J-2642-S 1F64D-T 1F64D-T-J-2640-S 1F64D-T-J-2642-S 1F64E-J-2640-S 1F64E-J-2642-S 1F64E-T
1F64E-T-J-2640-S 1F64E-T-J-2642-S 1F64F-T 1F6A3-J-2640-S 1F6A3-J-2642-S 1F6A3-T 1F6A3-T-J-2640-S
1F6A3-T-J-2642-S 1F6B4-J-2640-S 1F6B4-J-2642-S 1F6B4-T 1F6B4-T-J-2640-S 1F6B4-T-J-2642-S
1F6B5-J-2640-S 1F6B5-J-2642-S 1F6B5-T 1F6B5-T-J-2640-S 1F6B5-T-J-2642-S 1F6B6-J-2640-S
1F6B6-J-2642-S 1F6B6-T 1F6B6-T-J-2640-S 1F6B6-T-J-2642-S 1F6C0-T 1F6CB-V 1F6CC-T 1F6CD-V 1F6CE-V
1F6CF-V 1F6E0-V 1F6E1-V 1F6E2-V 1F6E3-V 1F6E4-V 1F6E5-V 1F6E9-V 1F6F0-V 1F6F3-V 1F90F-T 1F918-T
1F919-T 1F91A-T 1F91B-T 1F91C-T 1F91E-T 1F91F-T 1F926-J-2640-S 1F926-J-2642-S 1F926-T
1F926-T-J-2640-S 1F926-T-J-2642-S 1F930-T 1F931-T 1F932-T 1F933-T 1F934-T 1F935-T 1F936-T
1F937-J-2640-S 1F937-J-2642-S 1F937-T 1F937-T-J-2640-S 1F937-T-J-2642-S 1F938-J-2640-S
1F938-J-2642-S 1F938-T 1F938-T-J-2640-S 1F938-T-J-2642-S 1F939-J-2640-S 1F939-J-2642-S 1F939-T
1F939-T-J-2640-S 1F939-T-J-2642-S 1F93C-J-2640-S 1F93C-J-2642-S 1F93D-J-2640-S 1F93D-J-2642-S
1F93D-T 1F93D-T-J-2640-S 1F93D-T-J-2642-S 1F93E-J-2640-S 1F93E-J-2642-S 1F93E-T 1F93E-T-J-2640-S
1F93E-T-J-2642-S 1F9B5-T 1F9B6-T 1F9B8-J-2640-S 1F9B8-J-2642-S 1F9B8-T 1F9B8-T-J-2640-S
1F9B8-T-J-2642-S 1F9B9-J-2640-S 1F9B9-J-2642-S 1F9B9-T 1F9B9-T-J-2640-S 1F9B9-T-J-2642-S 1F9BB-T
1F9CD-J-2640-S 1F9CD-J-2642-S 1F9CD-T 1F9CD-T-J-2640-S 1F9CD-T-J-2642-S 1F9CE-J-2640-S
1F9CE-J-2642-S 1F9CE-T 1F9CE-T-J-2640-S 1F9CE-T-J-2642-S 1F9CF-J-2640-S 1F9CF-J-2642-S 1F9CF-T
1F9CF-T-J-2640-S 1F9CF-T-J-2642-S 1F9D1-1F3FB-J-1F91D-J-1F9D1-1F3FB
1F9D1-1F3FC-J-1F91D-J-1F9D1-1F3FB 1F9D1-1F3FC-J-1F91D-J-1F9D1-1F3FC
1F9D1-1F3FD-J-1F91D-J-1F9D1-1F3FB 1F9D1-1F3FD-J-1F91D-J-1F9D1-1F3FC
1F9D1-1F3FD-J-1F91D-J-1F9D1-1F3FD 1F9D1-1F3FE-J-1F91D-J-1F9D1-1F3FB
1F9D1-1F3FE-J-1F91D-J-1F9D1-1F3FC 1F9D1-1F3FE-J-1F91D-J-1F9D1-1F3FD
1F9D1-1F3FE-J-1F91D-J-1F9D1-1F3FE 1F9D1-1F3FF-J-1F91D-J-1F9D1-1F3FB
1F9D1-1F3FF-J-1F91D-J-1F9D1-1F3FC 1F9D1-1F3FF-J-1F91D-J-1F9D1-1F3FD
1F9D1-1F3FF-J-1F91D-J-1F9D1-1F3FE 1F9D1-1F3FF-J-1F91D-J-1F9D1-1F3FF 1F9D1-J-1F91D-J-1F9D1
1F9D1-T 1F9D2-T 1F9D3-T 1F9D4-T 1F9D5-T 1F9D6-J-2640-S 1F9D6-J-2642-S 1F9D6-T 1F9D6-T-J-2640-S
1F9D6-T-J-2642-S 1F9D7-J-2640-S 1F9D7-J-2642-S 1F9D7-T 1F9D7-T-J-2640-S 1F9D7-T-J-2642-S
1F9D8-J-2640-S 1F9D8-J-2642-S 1F9D8-T 1F9D8-T-J-2640-S 1F9D8-T-J-2642-S 1F9D9-J-2640-S
1F9D9-J-2642-S 1F9D9-T 1F9D9-T-J-2640-S 1F9D9-T-J-2642-S 1F9DA-J-2640-S 1F9DA-J-2642-S 1F9DA-T
1F9DA-T-J-2640-S 1F9DA-T-J-2642-S 1F9DB-J-2640-S 1F9DB-J-2642-S 1F9DB-T 1F9DB-T-J-2640-S
1F9DB-T-J-2642-S 1F9DC-J-2640-S 1F9DC-J-2642-S 1F9DC-T 1F9DC-T-J-2640-S 1F9DC-T-J-2642-S
1F9DD-J-2640-S 1F9DD-J-2642-S 1F9DD-T 1F9DD-T-J-2640-S 1F9DD-T-J-2642-S 1F9DE-J-2640-S
1F9DE-J-2642-S 1F9DF-J-2640-S 1F9DF-J-2642-S 203C-V 2049-V 2122-V 2139-V 2194-V 2195-V 2196-V
2197-V 2198-V 2199-V 21A9-V 21AA-V 2328-V 23CF-V 23ED-V 23EE-V 23EF-V 23F1-V 23F2-V 23F8-V
23F9-V 23FA-V 24C2-V 25AA-V 25AB-V 25B6-V 25C0-V 25FB-V 25FC-V 2600-V 2601-V 2602-V 2603-V
2604-V 260E-V 2611-V 2618-V 261D-T 261D-V 2620-V 2622-V 2623-V 2626-V 262A-V 262E-V 262F-V
2638-V 2639-V 263A-V 2640-V 2642-V 265F-V 2660-V 2663-V 2665-V 2666-V 2668-V 267B-V 267E-V
2692-V 2694-V 2695-V 2696-V 2697-V 2699-V 269B-V 269C-V 26A0-V 26B0-V 26B1-V 26C8-V 26CF-V
26D1-V 26D3-V 26E9-V 26F0-V 26F1-V 26F4-V 26F7-V 26F8-V 26F9-J-2640-S 26F9-J-2642-S
26F9-S-J-2640 26F9-S-J-2640-S 26F9-S-J-2642 26F9-S-J-2642-S 26F9-T 26F9-T-J-2640-S
26F9-T-J-2642-S 26F9-V 2702-V 2708-V 2709-V 270A-T 270B-T 270C-T 270C-V 270D-T 270D-V 270F-V
2712-V 2714-V 2716-V 271D-V 2721-V 2733-V 2734-V 2744-V 2747-V 2763-V 2764-V 27A1-V 2934-V
2935-V 2B05-V 2B06-V 2B07-V 3030-V 303D-V 3297-V 3299-V A9-V AE-V
"""

LIGHT_EMOJI = """
A9 AE
"""
