use std::collections::HashMap;
use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use tokio::time::sleep;

/// The work: prints a line for an order. Fails if its total is not a decimal number.
pub async fn bill(id: &str, fields: &HashMap<String, String>) -> Result<(), Box<dyn Error>> {
    let field = |name| fields.get(name).map_or("", String::as_str);
    // Stands for work that takes long.
    if let Ok(ms) = field("takesMs").parse() {
        sleep(Duration::from_millis(ms)).await;
    }
    let total = field("total");
    if !is_decimal(total) {
        return Err(format!("the total \"{total}\" is not a decimal number").into());
    }
    writeln!(io::stdout(), "{id} {} {total}", field("order"))?;
    Ok(())
}

fn is_decimal(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(unsigned),
    }
}
