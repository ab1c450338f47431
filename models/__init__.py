"""Tables, declared once. They hold facts and keep promises by constraints; they decide nothing and know no request."""
