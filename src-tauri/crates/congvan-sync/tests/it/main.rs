//! The machine alone, and the machine in a simulated world.

mod rules;
mod sim;
mod world;
