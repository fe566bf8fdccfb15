"""The Internet providers' management systems, behind one port (`base.py`)."""
