//! Staff: passwords, signing in and out, and the audit of what they did.

pub(crate) mod audit_page;
pub(crate) mod login_page;
pub(crate) mod password;
