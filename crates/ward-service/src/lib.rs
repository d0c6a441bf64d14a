//! ward-service
