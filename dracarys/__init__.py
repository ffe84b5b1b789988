"""The project: settings, composition of the apps, the database backend and the zero-setup servers."""
