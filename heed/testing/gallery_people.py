"""The people of the gallery."""

from heed.ui.contexts import Person

MARA = Person(name="Mara Oduya", address="mara@northwind.example", is_me=True)
INES = Person(name="Inés Prado", address="ines@northwind.example", lang="es")
TOMAS = Person(name="Tomás Ruiz", address="tomas@northwind.example", lang="es")
DANIEL = Person(name="Daniel Kessler", address="daniel.kessler@example.org")
PETRA = Person(name="Petra Kessler", address="petra@kessler.example")
NOUR = Person(name="نور حداد", address="nour@example.org", lang="ar")
HELP = Person(name="help@northwind.example", address="help@northwind.example")
