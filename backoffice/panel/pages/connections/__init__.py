"""«Conexiones»: the cards, the form of each provider, and «Probar conexión»."""
