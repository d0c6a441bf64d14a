//! ward-http
