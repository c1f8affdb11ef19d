//! Staff: passwords, signing in and out, and the audit of what they did.

pub mod audit_page;
pub mod login_page;
pub mod password;
