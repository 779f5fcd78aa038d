//! The closed word lists of the plan format, in the spelling of the files.

macro_rules! korean_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// Every word, in the format's order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word in the file.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    };
}

korean_words! {
    /// What a source is.
    SourceKind {
        /// The disclosed document itself.
        Disclosure = "공시 문서",
        /// A newspaper or broadcast.
        Press = "보도",
        /// The office's press release.
        Release = "보도자료",
        /// A statistic.
        Statistic = "통계",
        /// A law.
        Law = "법령",
        /// An internal document.
        Internal = "내부 자료",
        /// Invented.
        Sample = "예시",
    }
}

korean_words! {
    /// Whether a plan covers a term or a year.
    PlanKind {
        /// 종합계획: the whole term.
        Term = "종합계획",
        /// 연차계획: one year.
        Yearly = "연차계획",
    }
}

korean_words! {
    /// New or continued.
    Standing {
        /// New this time.
        New = "신규",
        /// Continued from before.
        Continued = "계속",
    }
}

korean_words! {
    /// How a unit project's jobs enter the ledger (집계 방식), declared once for each year.
    Counting {
        /// The department's sum.
        Aggregate = "집계",
        /// One entry a person.
        Individual = "개별",
    }
}

korean_words! {
    /// What one counted job is (세는 기준).
    CountingRule {
        /// Everybody who took part; a replacement counts again.
        Participants = "참여자 누계",
        /// One seat, one count.
        Seats = "자리",
        /// Who finished a course.
        Completers = "수료자",
        /// Who was hired.
        Hired = "취업자",
        /// Who founded a business.
        Founders = "창업자",
        /// Firms.
        Firms = "기업",
        /// Something else, said in words.
        Other = "기타",
    }
}

korean_words! {
    /// Required of everybody or chosen by the district.
    IndicatorKind {
        /// One of the ministry's own.
        Common = "공통",
        /// The district's own.
        Individual = "개별",
    }
}

korean_words! {
    /// Which way is better.
    Direction {
        /// More is better.
        Up = "높을수록 좋음",
        /// Less is better.
        Down = "낮을수록 좋음",
    }
}

korean_words! {
    /// How far a development project is (상태).
    Stage {
        /// An idea.
        Idea = "구상",
        /// Planned.
        Planned = "계획",
        /// Being permitted.
        Permitting = "인허가",
        /// Under construction.
        Building = "공사 중",
        /// In use.
        Running = "운영",
        /// Given up.
        Dropped = "그만둠",
    }
}

korean_words! {
    /// What a statistic measures.
    StatisticKind {
        /// Residents.
        Population = "인구",
        /// 15 and over.
        Adults = "15세 이상 인구",
        /// 15 to 64.
        PrimeAge = "15~64세 인구",
        /// Economically active.
        Active = "경제활동인구",
        /// Employed.
        Employed = "취업자",
        /// Regular employees.
        Regular = "상용근로자",
        /// Insured with employment insurance.
        Insured = "고용보험 피보험자",
        /// Employment rate.
        EmploymentRate = "고용률",
        /// Another share.
        Share = "비중",
        /// Anything else.
        Other = "기타",
    }
}
