"""Abbreviations that stay in capitals and names that begin with one.

Data only. Used where an article gives no evidence of its own how a shouted word is written.
"""

ACRONYMS = frozenset(
    """
    UN EU UK US USA UAE NATO OAS ILO IMF WTO WHO ICC ICJ HRW BBC CNN AFP AP NGO NGOS MP MPS PM CEO
    TUC ITUC TV AI GDP LGBT LGBTQ LGBTI HIV AIDS COVID DNA FBI CIA DEA ICE DHS USAID NAFTA USMCA
    COP IPCC UNHCR UNICEF UNESCO UNDP CEDAW IACHR IUCN G7 G20 BRICS
    ONU UE EEUU OEA CIDH OIT FMI ONG ONGS UNAM IMSS INE PIB IVA VIH CELAC ALBA UNASUR MERCOSUR
    CEPAL FARC ELN EPL AUC JEP FSLN FMLN EZLN URNG MAS PT PSOL PSUV PRI PAN PRD MST CUT CGT CTA
    CONAIE COPINH OFRANEH COPA CICIG PNUD STF FUNAI IBAMA SUS PSDB MDB PMDB PL LGBTIQ LGBTQI MAGA
    TPS DACA SOA UNITE GMB NEU RMT NHS LFPLA
    """.split()
)

_PROPER = """
    Latin America American Americas Central South North Caribbean Europe European Africa Asia Amazon
    Argentina Argentine Belize Bolivia Bolivian Brazil Brazilian Chile Chilean Colombia Colombian
    Cuba Cuban Ecuador Ecuadorian Guatemala Guatemalan Guyana Haiti Haitian Honduras Honduran
    Jamaica Mexico México Mexican Nicaragua Nicaraguan Panama Panamá Paraguay Paraguayan Peru Perú
    Peruvian Salvador Salvadoran Uruguay Uruguayan Venezuela Venezuelan Brasil Bogotá Bogota Caracas
    Quito Lima Havana Habana Managua Tegucigalpa Asunción Montevideo Santiago Brasília Buenos Aires
    Rio Janeiro Paulo São Medellín Cali Cochabamba Potosí Oaxaca Chiapas Washington London Londres
    Madrid Lisbon Lisboa Britain British England Scotland Wales Welsh Scottish Ireland Spain Spanish
    Portugal Portuguese Trump Lula Petro Maduro Boric Milei Bukele Sheinbaum Castro Bolsonaro
    Morales Guaidó Correa Noboa Arévalo Ortega Obrador Labour Indigenous January February April
    June July August September October November December Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday
    """
NAMES = {name.lower(): name for name in _PROPER.split()}

# Names of several words, where one of them alone would be written small.
LONG_NAMES = (
    *("La Paz", "San Salvador", "San José", "San Juan", "Santa Cruz", "Santo Domingo", "El Alto"),
    *("Costa Rica", "Puerto Rico", "El Salvador", "El Paso", "New York", "Los Angeles"),
    *("United States", "United Nations", "United Kingdom", "Estados Unidos", "Reino Unido"),
    *("Naciones Unidas", "Nações Unidas", "European Union", "Unión Europea", "White House"),
    *("Casa Blanca", "Supreme Court", "Ciudad de México", "Mexico City", "Rio de Janeiro"),
    *("Human Rights Watch", "Amnesty International", "Belo Horizonte", "Porto Alegre"),
)
