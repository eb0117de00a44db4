//! The introduction of R's fixest (L. Bergé): trade among fifteen states of the Union.

use acquis_gravity::{Options, SmallSample};

use crate::data::{agrees, fit, table};

#[test]
fn trade_of_the_introduction() {
    let Some(table) = table("fixest_trade.csv") else {
        return;
    };
    let formula = "euros ~ log(dist_km) | origin + destination + product + year | origin";
    let options = Options {
        small_sample: SmallSample::Fixest,
        ..Options::default()
    };
    let fit = fit(&table, formula, &options);
    assert_eq!(fit.observations, 38_325);
    agrees(&fit, "log(dist_km)", -1.52787, None, 5);
    agrees(&fit, "log(dist_km)", -1.52787, Some(0.115_678), 5);
    let (_, error) = fit.coefficient("log(dist_km)").unwrap();
    assert!((error - 0.115_678).abs() < 5.1e-7, "{error}");
}
