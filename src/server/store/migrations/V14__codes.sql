-- Salted digest of the short code on the receipt; null for receipts without one.
alter table cases add column code_digest blob;
