"""What a customer's text says: pure functions, shared by the bot and the panel. Import the module you need."""
