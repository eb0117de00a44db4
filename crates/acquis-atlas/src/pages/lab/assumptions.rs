//! The form of what a scenario starts from and assumes.

use acquis_law::Grade;
use acquis_registry::Stage;
use acquis_registry::document::Word;
use acquis_scenario::{Closure, CommonTariff, Scenario, name_of};
use maud::{Markup, html};

use super::field::{Field, Form, one_of, tick};
use crate::lab::{Reading, ShelfCard, effect_field, shares_in_words, shown_effects};

/// The form's fields, to stand within a form.
pub(crate) fn fields(reading: &Reading, economies: &[ShelfCard], form: Form<'_>) -> Markup {
    let scenario = &reading.scenario;
    let many = reading.economy.sectors().len() > 1;
    html! {
        (base(scenario, economies, form))
        (effects(scenario, form))
        (solution(reading, many, form))
        @if many { (border(reading, form)) }
        @else { p.help { "Tariffs, rules of origin, a pool of revenue and payments need an economy of many sectors: choose one above, or " a href="#instruments" { "see which have them" } "." } }
        (draws(scenario, form))
    }
}

fn base(scenario: &Scenario, economies: &[ShelfCard], form: Form<'_>) -> Markup {
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form,
    };
    let choices: Vec<_> = economies
        .iter()
        .map(|economy| (economy.id.clone(), economy.label()))
        .collect();
    let grades: Vec<_> = Grade::ALL
        .iter()
        .map(|grade| (grade.word().to_owned(), grade.label().to_owned()))
        .collect();
    html! {
        fieldset {
            legend { "The question" }
            (field("title", "Title", "").text(&scenario.title))
            (field("description", "What it asks", "A sentence for the reader.").text(scenario.description.trim()))
            div.fields {
                (field("date", "Law on", "The law before and after is compared on this day.").day(Some(scenario.base.date)))
                (field("known_by", "As known by", "Only what had been published by then; empty for all.").day(scenario.base.known_by))
                (field("grade", "A stage counts when", "").choice(&grades, scenario.base.grade.word()))
                (field("economy", "Economy", "Its trade is what the model starts from.").choice(&choices, &scenario.base.economy))
            }
        }
    }
}

fn effects(scenario: &Scenario, form: Form<'_>) -> Markup {
    let shown = shown_effects(scenario);
    html! {
        fieldset {
            legend { "Effect of a stage on ln trade" }
            p.help { "What a stage does to trade between two states, all else held. An empty field inherits from the stage before it." }
            div.fields {
                @for stage in Stage::ALL.iter().copied().filter(|stage| *stage != Stage::None) {
                    @let name = effect_field(stage);
                    @let field = Field { name: &name, label: stage.label(), help: "", form };
                    @let own = shown.contains(&stage).then(|| scenario.effects.of(stage));
                    (field.number(own, &scenario.effects.of(stage).to_string()))
                }
            }
            (Field { name: "effects_source", label: "Who estimated it", help: "", form }.text(&scenario.effects.source))
        }
    }
}

fn solution(reading: &Reading, many: bool, form: Form<'_>) -> Markup {
    let scenario = &reading.scenario;
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form,
    };
    let used = scenario.elasticity_in(&reading.economy);
    let default = match used.thetas.as_slice() {
        [one] => one.to_string(),
        _ => "by sector".to_owned(),
    };
    let own = scenario.elasticity.as_ref();
    let mut closures = vec![(
        String::new(),
        format!(
            "as the model does by default: {}",
            scenario.closure_in(&reading.economy).label()
        ),
    )];
    closures.extend(
        Closure::ALL
            .iter()
            .filter(|closure| many || !closure.needs_sectors())
            .map(|closure| (closure.word().to_owned(), closure.label().to_owned())),
    );
    html! {
        fieldset {
            legend { "The model" }
            div.fields {
                (field("elasticity", "Trade elasticity", "theta = sigma - 1; empty for the default.")
                    .number(own.map(|own| own.theta.get()), &default))
                (field("closure", "Deficits", "").choice(&closures, scenario.closure.map_or("", Word::word)))
            }
            (field("elasticity_source", "Who estimated the elasticity", "")
                .text(own.map_or("", |own| own.source.as_str())))
            @if many { (tick(form, "purge", "Set deficits to zero before anything changes", scenario.purge)) }
            (tick(form, "accept_incompatible", "Compute it although the law finds commitments that exclude each other", scenario.accept_incompatible))
        }
    }
}

fn border(reading: &Reading, form: Form<'_>) -> Markup {
    let policy = &reading.scenario.policy;
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form,
    };
    let rules: Vec<_> = CommonTariff::ALL
        .iter()
        .map(|rule| (rule.word().to_owned(), rule.label().to_owned()))
        .collect();
    let listed = |placed: &[acquis_registry::document::Placed<String>], code: &str| {
        placed.iter().any(|name| name.value == code)
    };
    html! {
        fieldset {
            legend { "At the border" }
            div.fields {
                (field("external_tariff", "A customs union takes", "").choice(&rules, policy.external_tariff.word()))
                (field("rules_of_origin", "Cost of proving origin", "Part of the value, such as 0.03.")
                    .number((policy.rules_of_origin > 0.0).then_some(policy.rules_of_origin), "0"))
                (field("utilisation", "Use of the preference", "Part of trade; empty for whoever gains by it.")
                    .number(policy.utilisation, "whoever gains"))
                (field("labour_mobility", "Mobility of labour", "Elasticity within a common market; empty if it stays.")
                    .number(policy.labour_mobility, "it stays"))
            }
            details id="sectors" {
                summary { "Sectors to which stages apply" }
                p.help { "None ticked: all that are traded." }
                div.ticks {
                    @for sector in reading.economy.sectors() {
                        (one_of(form, "sectors", &sector.code, &sector.name, listed(&policy.sectors, &sector.code)))
                    }
                }
            }
            details id="references" {
                summary { "Economies whose goods pay without preference" }
                p.help { "Where a preference ends, the median of the rates on these applies. None ticked: all that the reform doesn't touch." }
                div.ticks {
                    @for code in reading.economy.labels() {
                        @let name = name_of(&reading.registry, &reading.economy, code);
                        (one_of(form, "most_favoured_nation", code, &name, listed(&policy.references, code)))
                    }
                }
            }
            div.fields {
                (field("pool_shares", "Pool of revenue", "Duties on goods from outside, shared in per cent: RUS 85.265, KAZ 7.055, ... Empty for none.")
                    .text(&shares_in_words(&reading.scenario)))
                (field("collection_cost", "Part that the collector keeps", "")
                    .number(policy.pool.as_ref().map(|pool| pool.collection_cost).filter(|cost| *cost > 0.0), "0"))
            }
        }
    }
}

fn draws(scenario: &Scenario, form: Form<'_>) -> Markup {
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form,
    };
    let draws = scenario.uncertainty.as_ref();
    html! {
        fieldset {
            legend { "How sure it is" }
            div.fields {
                (field("draws", "Draws", "Empty for none; 200 give steady quantiles.")
                    .text(&draws.map_or_else(String::new, |draws| draws.draws.to_string())))
                (field("seed", "Seed", "The same seed gives the same draws.")
                    .text(&draws.map_or_else(String::new, |draws| draws.seed.to_string())))
                (field("elasticity_error", "Error of elasticities", "Standard error of their logs.")
                    .number(draws.map(|draws| draws.elasticity_error), "0"))
                (field("effect_error", "Error of effects", "Standard error of the effects of stages.")
                    .number(draws.map(|draws| draws.effect_error), "0"))
            }
        }
    }
}
