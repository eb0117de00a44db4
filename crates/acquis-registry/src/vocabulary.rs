//! The closed word lists of the field: stages, areas, kinds of act, ranks. The words are
//! those of the packs; the terms are those of Balassa (1961) and of the Vienna Convention
//! on the Law of Treaties (1969).

use std::fmt;

use crate::document::Word;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$variant_doc:meta])* $variant:ident = $word:literal / $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl $name {
            /// The word for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.label())
            }
        }
    };
}

words! {
    /// Stages of integration, from shallow to deep (Balassa 1961; the lowest and the
    /// highest as the seed texts use them). The order of the variants is the order of depth.
    Stage, "a stage", {
        /// Nothing agreed.
        None = "none" / "none",
        /// Lower duties on some goods.
        PreferentialArrangement = "preferential_arrangement" / "preferential arrangement",
        /// Internal duties gone, own external tariffs.
        FreeTradeArea = "free_trade_area" / "free trade area",
        /// Adds a common external tariff.
        CustomsUnion = "customs_union" / "customs union",
        /// Adds free movement of services, capital and labour; also "single economic space".
        CommonMarket = "common_market" / "common market",
        /// Adds harmonized policies and a regulating organ.
        EconomicUnion = "economic_union" / "economic union",
        /// Adds a currency.
        EconomicAndMonetaryUnion = "economic_and_monetary_union" / "economic and monetary union",
        /// A common state.
        PoliticalUnion = "political_union" / "political union",
    }
}

impl Stage {
    /// Two or three letters for a matrix.
    pub const fn short(self) -> &'static str {
        match self {
            Self::None => "·",
            Self::PreferentialArrangement => "PA",
            Self::FreeTradeArea => "FTA",
            Self::CustomsUnion => "CU",
            Self::CommonMarket => "CM",
            Self::EconomicUnion => "EU",
            Self::EconomicAndMonetaryUnion => "EMU",
            Self::PoliticalUnion => "PU",
        }
    }

    /// The rank of depth, 0 for none to 7.
    pub const fn depth(self) -> usize {
        self as usize
    }
}

words! {
    /// What an organization or agreement is about.
    Area, "an area", {
        /// Trade in goods.
        Goods = "goods" / "goods",
        /// Trade in services.
        Services = "services" / "services",
        /// Movement of capital.
        Capital = "capital" / "capital",
        /// Movement of labour and persons.
        Labour = "labour" / "labour",
        /// Customs law and procedure.
        Customs = "customs" / "customs",
        /// A currency.
        Currency = "currency" / "currency",
        /// Competition policy.
        Competition = "competition" / "competition",
        /// Transport.
        Transport = "transport" / "transport",
        /// Energy.
        Energy = "energy" / "energy",
        /// Security and defence.
        Security = "security" / "security",
        /// Foreign policy.
        ForeignPolicy = "foreign_policy" / "foreign policy",
        /// Political cooperation.
        Political = "political" / "political cooperation",
        /// Culture, science, education.
        Culture = "culture" / "culture",
    }
}

words! {
    /// What sort of publication a source is.
    SourceType, "a type of source", {
        /// The text of a treaty or act itself, wherever it was read.
        Treaty = "treaty" / "treaty text",
        /// An official publication other than a treaty.
        Official = "official" / "official publication",
        /// A dataset.
        Dataset = "dataset" / "dataset",
        /// A book.
        Book = "book" / "book",
        /// A scholarly or analytical article.
        Article = "article" / "article",
        /// A news report.
        News = "news" / "news report",
        /// An encyclopedia or other work of reference.
        Reference = "reference" / "work of reference",
        /// Another page.
        Web = "web" / "web page",
        /// A user's scenario; never in a pack.
        Scenario = "scenario" / "scenario",
    }
}

words! {
    /// The acts that a registry stores.
    ActName, "an act", {
        /// The text is agreed.
        Adoption = "adoption" / "adoption",
        /// Signature.
        Signature = "signature" / "signature",
        /// Ratification, acceptance or approval.
        Ratification = "ratification" / "ratification",
        /// Provisional application (V 25).
        ProvisionalApplication = "provisional_application" / "provisional application",
        /// Entry into force, general or for one party (V 24).
        EntryIntoForce = "entry_into_force" / "entry into force",
        /// Accession.
        Accession = "accession" / "accession",
        /// Reservation (V 2d).
        Reservation = "reservation" / "reservation",
        /// Suspension.
        Suspension = "suspension" / "suspension",
        /// Withdrawal or denunciation by one party.
        Withdrawal = "withdrawal" / "withdrawal",
        /// Termination for all.
        Termination = "termination" / "termination",
        /// Succession of one state to another's place.
        Succession = "succession" / "succession",
        /// A new name.
        Renaming = "renaming" / "renaming",
        /// Transformation, in place or into another organization.
        Transformation = "transformation" / "transformation",
        /// Merger into another organization.
        Merger = "merger" / "merger",
        /// An assessment of what works in practice.
        Implementation = "implementation" / "implementation",
    }
}

words! {
    /// The standing that an accession gives.
    AdmittedAs, "a standing", {
        /// Full member, or party.
        Member = "member" / "member",
        /// Associate.
        Associate = "associate" / "associate",
        /// Observer.
        Observer = "observer" / "observer",
    }
}

words! {
    /// From when a founding signatory counts as a member.
    MembershipFrom, "a beginning of membership", {
        /// From the entry into force.
        EntryIntoForce = "entry_into_force" / "entry into force",
        /// From the signature (V 12).
        Signature = "signature" / "signature",
    }
}

words! {
    /// Organization or agreement.
    InstitutionKind, "a kind", {
        /// An intergovernmental organization.
        Organization = "organization" / "organization",
        /// An agreement.
        Agreement = "agreement" / "agreement",
    }
}

words! {
    /// Whether a territory's statehood is generally recognized.
    StateKind, "a kind of state", {
        /// A state.
        State = "state" / "state",
        /// An entity of disputed standing.
        QuasiState = "quasi_state" / "quasi-state",
    }
}

words! {
    /// The kinds of incompatibility that the program can find.
    RuleKind, "a kind of rule", {
        /// A member of a customs union with a free trade agreement of its own.
        CustomsUnionMemberWithSeparateTradeAgreement = "customs_union_member_with_separate_trade_agreement" / "customs-union member with a separate trade agreement",
        /// A member of two customs unions of which neither contains the other.
        MemberOfTwoCustomsUnions = "member_of_two_customs_unions" / "member of two customs unions",
        /// A member of two of the alliances that the rule lists.
        MemberOfExclusiveAlliances = "member_of_exclusive_alliances" / "member of alliances that exclude each other",
        /// A base of an outsider in a member of an alliance whose members all have to agree.
        ForeignBaseWithoutConsent = "foreign_base_without_consent" / "foreign base without the members' consent",
    }
}

words! {
    /// The rank of a claim as written (compare [`crate::Rank`]).
    RankName, "a rank", {
        /// The claim that views use.
        Preferred = "preferred" / "preferred",
        /// A claim that may be used.
        Normal = "normal" / "normal",
        /// A claim that is kept and never used.
        Deprecated = "deprecated" / "deprecated",
    }
}

words! {
    /// What a statement is about.
    StatementKind, "a kind of statement", {
        /// What belongs to a thing, or what a word means.
        Definition = "definition" / "definition",
        /// Why somebody did something.
        Motive = "motive" / "motive",
        /// How a time falls into periods.
        Periodization = "periodization" / "periodization",
        /// What a thing is called.
        Name = "name" / "name",
        /// Who leads.
        Leadership = "leadership" / "leadership",
        /// How much, or how far, of something.
        Rate = "rate" / "rate",
        /// What may or must be done.
        Rule = "rule" / "rule",
        /// What a state wants or does.
        Policy = "policy" / "policy",
        /// How something works, or what it is worth.
        Assessment = "assessment" / "assessment",
        /// What was expected to come.
        Forecast = "forecast" / "forecast",
        /// Something that happened and is no act of an institution.
        Event = "event" / "event",
    }
}

words! {
    /// By what one state moves another.
    InstrumentKind, "a kind of instrument", {
        /// A price of gas.
        GasPrice = "gas_price" / "gas price",
        /// Other supplies of energy.
        Energy = "energy" / "energy",
        /// The principle by which value added tax is levied.
        Vat = "vat" / "value added tax",
        /// A loan or line of credit.
        Loan = "loan" / "loan",
        /// An investment.
        Investment = "investment" / "investment",
        /// Ownership of assets.
        Assets = "assets" / "assets",
        /// Deliveries of arms.
        Arms = "arms" / "arms",
        /// Troops.
        Forces = "forces" / "forces",
        /// A military base.
        Base = "base" / "military base",
        /// Entry and stay of persons.
        Visa = "visa" / "entry and stay",
        /// Access of workers to a labour market.
        Labour = "labour" / "access of workers",
        /// Access of goods to a market.
        MarketAccess = "market_access" / "market access",
        /// Recognition of a state, given or refused.
        Recognition = "recognition" / "recognition",
        /// Support for a candidate or government.
        Support = "support" / "political support",
        /// Pressure.
        Pressure = "pressure" / "pressure",
        /// A payment.
        Transfer = "transfer" / "transfer",
    }
}

words! {
    /// How an organ decides.
    DecisionKind, "a kind of decision rule", {
        /// Nobody objects.
        Consensus = "consensus" / "consensus",
        /// All vote for it.
        Unanimity = "unanimity" / "unanimity",
        /// More than half.
        SimpleMajority = "simple_majority" / "simple majority",
        /// A larger share of equal votes.
        QualifiedMajority = "qualified_majority" / "qualified majority",
        /// Unequal votes with a quota.
        Weighted = "weighted" / "weighted votes",
        /// Nobody objects but the one it concerns.
        ConsensusMinusOne = "consensus_minus_one" / "consensus minus one",
        /// Any one of them can prevent it.
        Veto = "veto" / "veto",
        /// Fewer than so many withhold their assent.
        BlockingMinority = "blocking_minority" / "blocking minority",
        /// Every one of several criteria.
        AllOf = "all_of" / "several criteria together",
        /// At least one of several criteria.
        AnyOf = "any_of" / "one of several criteria",
    }
}

words! {
    /// The provision under which a trade agreement was notified.
    LegalBasis, "a legal basis", {
        /// Article XXIV of the General Agreement on Tariffs and Trade.
        GattXxiv = "gatt_xxiv" / "GATT Art. XXIV",
        /// The decision of 1979 on differential treatment of developing countries.
        EnablingClause = "enabling_clause" / "Enabling Clause",
        /// Article V of the General Agreement on Trade in Services.
        GatsV = "gats_v" / "GATS Art. V",
        /// Not notified.
        NoneNotified = "none_notified" / "not notified",
    }
}

words! {
    /// What sources disagree about.
    ConflictKind, "a kind of conflict", {
        /// When something was.
        Date = "date" / "date",
        /// Who took part.
        Members = "members" / "member list",
        /// What it is called.
        Name = "name" / "name",
        /// How much.
        Rate = "rate" / "rate",
        /// How decisions are made.
        Rule = "rule" / "rule",
        /// Why.
        Motive = "motive" / "motive",
        /// Whether it works, or what it is worth.
        Assessment = "assessment" / "assessment",
        /// What belongs to it.
        Definition = "definition" / "definition",
    }
}

words! {
    /// The series of numbers from which a figure can be computed.
    Series, "a series", {
        /// Gross domestic product by state and year, in current United States dollars.
        Gdp = "gdp" / "gross domestic product",
        /// Population by state and year, in persons.
        Population = "population" / "population",
        /// Trade between two states in a year, both directions together, in current dollars.
        Trade = "trade" / "trade",
    }
}

words! {
    /// How a figure can be computed (compare [`crate::Computation`]).
    ComputationKind, "a computation", {
        /// A group's sum.
        Sum = "sum" / "sum",
        /// A group's share of a larger group's sum.
        Share = "share" / "share of a total",
        /// By how much a group's sum exceeds another's.
        Excess = "excess" / "excess over a base",
        /// A group's sum in one year over that in another.
        Growth = "growth" / "ratio between years",
        /// The rate implied by two amounts of one sum.
        Conversion = "conversion" / "implied conversion rate",
        /// A gap between prices, times a volume.
        PriceGap = "price_gap" / "price gap",
        /// One count over another.
        Counts = "counts" / "share of counts",
        /// The number that a percentage of a count stands for.
        Portion = "portion" / "percentage of a count",
    }
}
