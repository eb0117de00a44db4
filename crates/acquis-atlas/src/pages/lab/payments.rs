//! Payments between states on the desk of a scenario, and prices below the market; where they
//! are to be had, if the economy has none.

use acquis_registry::StateCode;
use acquis_scenario::name_of;
use acquis_store::SavedScenario;
use maud::{Markup, html};

use super::actions::Action;
use super::editor::{Around, action, from, looked_at};
use super::field::Field;
use crate::lab::{Reading, payments_in_words};

/// The payments of a scenario, each with a button that takes it back, and a form for one more.
pub(super) fn payments(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let told = payments_in_words(&reading.scenario, &reading.registry, &reading.economy);
    let is_tried = around.form(Action::Payment).is_tried();
    html! {
        details id="payments" open[!told.is_empty() || is_tried] {
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
                (one_more(reading, around))
                button type="submit" { "Add it" }
            }
        }
    }
}

/// The fields of a payment.
fn one_more(reading: &Reading, around: &Around<'_>) -> Markup {
    let economy = &reading.economy;
    let who = economy.labels().iter().map(|code| {
        let name = name_of(&reading.registry, economy, code);
        (code.clone(), name)
    });
    let mut who: Vec<_> = who.collect();
    // States by their names, then what the figures lump together.
    who.sort_by_cached_key(|(code, name)| {
        let is_state = reading.registry.state(&StateCode::new(code)).is_some();
        (!is_state, name.clone())
    });
    let first = who.first().map_or("", |(code, _)| code.as_str());
    let sectors = economy.sectors().iter();
    let sectors = sectors.map(|sector| (sector.code.clone(), sector.name.clone()));
    let mut kinds = vec![(String::new(), "(an amount of money)".to_owned())];
    kinds.extend(sectors);
    let size = format!("In {}, or a part such as 0.3.", economy.card.unit);
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form: around.form(Action::Payment),
    };
    html! {
        div.fields {
            (field("payer", "Who pays, or sells below the market", "").choice(&who, first))
            (field("payee", "Who receives", "").choice(&who, first))
            (field("sector", "Below the market price in", "").choice(&kinds, ""))
            (field("size", "Amount, or part of the price", &size).number(None, ""))
            (field("reason", "For", "").text(""))
        }
    }
}

/// What an economy of one sector can't tell, and which economies can.
pub(super) fn elsewhere(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        details id="instruments" {
            summary { "Tariffs, payments and other instruments" }
            p {
                "Tariffs at the border, the common tariff of a customs union, rules of origin, a pool of revenue, payments and prices below the market need an economy of many sectors. "
                (reading.economy.card.title) " has one."
            }
            @if around.of_many_sectors.is_empty() {
                p { "No economy here has more." }
            } @else {
                p { "Another economy has figures of another year: the acts and the day of the law stay as they are." }
                form method="post" action=(action(saved, "settings")) data-desk {
                    (from(saved)) (looked_at(reading, around))
                    @for economy in &around.of_many_sectors {
                        button type="submit" name="economy" value=(economy.id) { "Change to " (economy.title) }
                    }
                }
            }
        }
    }
}
