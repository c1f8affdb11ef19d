//! IMDF in; routes, instructions and map pictures out.
