"""The name of a column as it is compared: «D.N.I.», «dni» and «Dni » are one."""

from integrations.understanding.words import fold


def bare(name: object) -> str:
    return fold(str(name)).replace(" ", "")
