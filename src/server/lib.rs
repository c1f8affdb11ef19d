//! API, staff console, public pages, stores, and the program galleria-server.
