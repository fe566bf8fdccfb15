"""Lists that leave to a spreadsheet and come back from it, columns named in Spanish.

A list of the panel derives from `admin.TableAdmin` and names its `resources.TableResource`, whose rows are found by
what people call them (a plan by its name), never by numbers of the database.
"""
