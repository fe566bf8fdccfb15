"""Who moves the customers' money, behind one port (`base.py`)."""
