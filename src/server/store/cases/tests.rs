//! Cases and what becomes of them, in a database in memory.
