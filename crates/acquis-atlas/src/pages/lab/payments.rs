//! Payments between states on the desk of a scenario, and prices below the market.

use acquis_store::SavedScenario;
use maud::{Markup, html};

use super::actions::Action;
use super::editor::{Around, action, from, looked_at};
use crate::lab::{Reading, payments_in_words};

/// The payments of a scenario, each with a button that takes it back, and a form for one more.
pub(super) fn payments(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let describes_size = match around.error("size") {
        Some(_) => "pay-size-help pay-size-error",
        None => "pay-size-help",
    };
    let told = payments_in_words(&reading.scenario, &reading.economy.card.unit);
    html! {
        details id="payments" open[!told.is_empty() || around.typed(Action::Payment).is_some()] {
            summary { "Payments and prices below the market" }
            @if !told.is_empty() {
                form method="post" action=(action(saved, "remove-payment")) data-desk {
                    (from(saved)) (looked_at(reading, around))
                    ol.acts {
                        @for (number, words) in told.iter().enumerate() {
                            li {
                                span { (words) }
                                button type="submit" name="number" value=(number)
                                    aria-label={ "Take back: " (words) } { "Take back" }
                            }
                        }
                    }
                }
            }
            form method="post" action=(action(saved, "payment")) data-desk {
                (from(saved)) (looked_at(reading, around))
                div.fields {
                    (economy_choice("payer", "Who pays, or sells below the market", reading, around))
                    (economy_choice("payee", "Who receives", reading, around))
                    div.field {
                        label for="pay-sector" { "Below the market price in" }
                        select id="pay-sector" name="sector" {
                            option value="" { "(an amount of money)" }
                            @for sector in reading.economy.sectors() {
                                option value=(sector.code) selected[around.value(Action::Payment, "sector", "") == sector.code] { (sector.name) }
                            }
                        }
                    }
                    div.field {
                        label for="pay-size" { "Amount, or part of the price" }
                        input id="pay-size" name="size" type="text" inputmode="decimal" aria-describedby=(describes_size)
                            value=(around.value(Action::Payment, "size", "")) aria-invalid=[around.error("size").map(|_| "true")]
                            data-typed[around.typed(Action::Payment).is_some()];
                        p.help id="pay-size-help" { "In " (reading.economy.card.unit) ", or a part such as 0.3." }
                        @if let Some(error) = around.error("size") {
                            p.error id="pay-size-error" role="alert" { (error.sentence) }
                        }
                    }
                    div.field {
                        label for="pay-reason" { "For" }
                        input id="pay-reason" name="reason" type="text"
                            value=(around.value(Action::Payment, "reason", ""));
                    }
                }
                button type="submit" { "Add it" }
            }
        }
    }
}

fn economy_choice(name: &str, label: &str, reading: &Reading, around: &Around<'_>) -> Markup {
    let id = format!("pay-{name}");
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for code in reading.economy.labels() {
                    option value=(code) selected[around.value(Action::Payment, name, "") == code] { (reading.economy.name_of(code).unwrap_or(code)) }
                }
            }
        }
    }
}
