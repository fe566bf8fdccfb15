"""WhatsApp: the port in `base.py`, one file a transport."""
