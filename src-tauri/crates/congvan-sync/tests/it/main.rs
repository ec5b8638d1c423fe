//! The machine alone, the machine in a simulated world, and models of what it stands on.

mod models;
mod rules;
mod sim;
mod traffic;
