//! Accounts: login, refresh and logout; creating, changing and deleting accounts.

mod audit;
mod change_password;
mod create;
mod create_admin;
mod delete;
mod delete_own;
mod gate;
mod login;
mod logout;
mod ports;
mod refresh;
mod register;
mod session;
mod set_password;
mod throttle;
mod update;

pub use change_password::*;
pub use create::*;
pub use create_admin::*;
pub use delete::*;
pub use delete_own::*;
pub use gate::Gates;
pub use login::*;
pub use logout::*;
pub use ports::*;
pub use refresh::*;
pub use register::*;
pub use session::*;
pub use set_password::*;
pub use throttle::*;
pub use update::*;
