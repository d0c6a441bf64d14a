//! ward-oximeter
