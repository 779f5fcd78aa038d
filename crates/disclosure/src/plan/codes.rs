//! The rules of the plan checker by name: one stable code each, with its weight and one line about it.
//!
//! The table in `docs/reference/plan-format.md` is compared with this one by a test. A code is
//! never reused for another rule.

iljari_authored::file_rules! {
    /// A rule of the checker.
    Code {
        // the file itself
        TooLarge = "too-large", Error, "너무 큽니다(파일 10 MB, 한 목록 5,000개까지)", "too large: a file over 10 MB, or a list of more than 5,000";
        EmptyFile = "empty-file", Error, "파일이 비어 있습니다", "the file is empty";
        BomOnly = "bom-only", Error, "바이트 순서 표시(BOM)만 있습니다", "nothing but a byte-order mark";
        NotUtf8 = "not-utf8", Error, "UTF-8이 아닙니다", "not UTF-8";
        NulByte = "nul-byte", Error, "NUL 문자가 있습니다", "a NUL character";
        YamlSyntax = "yaml-syntax", Error, "YAML로 읽을 수 없습니다", "not YAML";
        SeveralDocuments = "several-documents", Error, "한 파일에 문서가 여럿입니다", "several documents in one file";
        AnchorAlias = "anchor-alias", Error, "앵커(&)나 별칭(*)을 썼습니다", "an anchor or alias";
        YamlTag = "yaml-tag", Error, "태그(!)를 썼습니다", "a tag";
        DuplicateKey = "duplicate-key", Error, "같은 항목을 두 번 적었습니다", "the same key twice";
        YamlBoolean = "yaml-boolean", Error, "예/아니오 대신 NO, yes, true 같은 말을 썼습니다", "NO, yes, true and the like without quotes";
        EmptyValue = "empty-value", Error, "항목에 값이 없습니다", "a key without a value";
        TooManyProblems = "too-many-problems", Error, "문제가 너무 많습니다", "too many problems to list";
        HiddenCharacter = "hidden-character", Error, "보이지 않는 문자가 있습니다", "an invisible character";
        ResidentNumber = "resident-number", Error, "주민등록번호로 보이는 숫자가 있습니다", "something shaped like a resident registration number";
        // its form
        NoDistrictFile = "no-district-file", Error, "자치구 파일(종류: 구)이 없습니다", "no file of kind 구";
        TwoDistrictFiles = "two-district-files", Error, "자치구 파일이 둘 이상입니다", "more than one file of kind 구";
        OtherDistrict = "other-district", Error, "다른 구의 파일입니다", "a file of another district";
        UnknownFormat = "unknown-format", Error, "모르는 형식입니다", "an unknown format version";
        UnknownKey = "unknown-key", Error, "모르는 항목입니다", "an unknown key";
        MissingKey = "missing-key", Error, "꼭 있어야 할 항목이 없습니다", "a required key is missing";
        WrongShape = "wrong-shape", Error, "모양이 다릅니다(목록, 묶음, 값)", "a list, mapping or value where another belongs";
        UnknownWord = "unknown-word", Error, "정해진 말이 아닙니다", "not one of the listed words";
        // numbers
        NotANumber = "not-a-number", Error, "숫자로 읽을 수 없습니다", "not a number";
        LeadingZero = "leading-zero", Error, "숫자 앞에 0이 붙었습니다", "a leading zero";
        Exponent = "exponent", Error, "지수로 적은 숫자입니다", "a number with an exponent";
        NotFinite = "not-finite", Error, "숫자가 아닌 값(NaN, 무한대)입니다", "NaN or infinity";
        NegativeZero = "negative-zero", Error, "음수 0입니다", "negative zero";
        NegativeNumber = "negative-number", Error, "음수가 올 자리가 아닙니다", "a negative number";
        NumberTooLarge = "number-too-large", Error, "숫자가 너무 큽니다", "a number that is too large";
        DecimalNumber = "decimal-number", Error, "정수가 올 자리에 소수가 있습니다", "a decimal where a whole number belongs";
        BadCommas = "bad-commas", Error, "쉼표가 세 자리마다 있지 않습니다", "commas that do not group by three";
        NumberReading = "number-reading", Note, "숫자를 이렇게 읽었습니다", "how a number was read";
        AboutNotAllowed = "about-not-allowed", Error, "어림수가 올 자리가 아닙니다", "an approximate number where an exact one belongs";
        RateScale = "rate-scale", Error, "율의 눈금이 분명하지 않습니다", "65.3, 0.653 or 0.653% where 65.3% was meant";
        RateOver = "rate-over", Error, "율이 100 %를 넘습니다", "a share above 100 %";
        RateUndefined = "rate-undefined", Warning, "율의 정의를 모릅니다", "a rate whose definition nobody knows";
        RateWithoutParts = "rate-without-parts", Error, "실적인 율에 분자·분모도 공표 통계도 없습니다", "an actual rate without numerator and denominator or a named statistic";
        RateParts = "rate-parts", Error, "율이 분자÷분모와 다릅니다", "a rate that differs from its numerator and denominator";
        RateSummed = "rate-summed", Error, "율은 더하지 않습니다", "a rate that is summed";
        NoUnit = "no-unit", Error, "단위가 없습니다", "no unit";
        UnitMixed = "unit-mixed", Error, "단위가 섞였습니다", "mixed units";
        UnitUnclear = "unit-unclear", Error, "무엇을 센 단위인지 분명하지 않습니다", "a unit that does not say what is counted";
        NoMoneyUnit = "no-money-unit", Error, "금액 단위가 없습니다", "money without a unit";
        // dates
        ImpossibleDate = "impossible-date", Error, "없는 날짜입니다", "a day that does not exist";
        AmbiguousDate = "ambiguous-date", Error, "여러 날로 읽힙니다", "a date that can be read in several ways";
        SpreadsheetDate = "spreadsheet-date", Error, "표 계산 프로그램의 날짜 번호입니다", "a spreadsheet's day number";
        NotADate = "not-a-date", Error, "날짜로 읽을 수 없습니다", "not a date";
        DateReading = "date-reading", Note, "날짜를 이렇게 읽었습니다", "how a date was read";
        PeriodReversed = "period-reversed", Error, "기간의 끝이 처음보다 앞섭니다", "a period that ends before it begins";
        // sources
        NoSource = "no-source", Error, "출처 없는 숫자입니다", "a number without a source";
        UnknownSource = "unknown-source", Error, "출처 목록에 없는 출처입니다", "a source that is not listed";
        UnusedSource = "unused-source", Note, "아무 데서도 쓰지 않은 출처입니다", "a source that nothing cites";
        // the tree
        BadId = "bad-id", Error, "번호에 쓸 수 없는 글자가 있습니다", "an id with characters that are not allowed";
        DuplicateId = "duplicate-id", Error, "번호가 겹칩니다", "the same id twice";
        DuplicateIdForm = "duplicate-id-form", Error, "유니코드 꼴만 다른 같은 번호입니다", "two ids that differ in Unicode form only";
        DanglingId = "dangling-id", Error, "가리키는 것이 없습니다", "a reference to nothing";
        Cycle = "cycle", Error, "상위가 돌고 돕니다", "a cycle in the tree";
        TooDeep = "too-deep", Error, "나무가 너무 깊습니다(8단계까지)", "a tree deeper than eight levels";
        LevelOrder = "level-order", Error, "단계의 차례가 맞지 않습니다", "a level that does not lie below its parent's";
        DuplicateName = "duplicate-name", Warning, "이름이 같은 것이 둘입니다", "two nodes of one level with the same name";
        DeclaredCount = "declared-count", Warning, "문서가 말한 수와 적은 수가 다릅니다", "the document says one number and the file names another";
        TaskWithoutProgram = "task-without-program", Warning, "아래에 사업이 없습니다", "a strategy or task without a program";
        ProgramWithoutTarget = "program-without-target", Warning, "사업에 목표가 없습니다", "a program without a target";
        ProgramWithoutField = "program-without-field", Warning, "사업에 부문이 없습니다", "a program without a 부문";
        NotNamed = "not-named", Note, "자료 없음으로 적은 곳입니다", "places that say '자료 없음'";
        UnknownDepartment = "unknown-department", Error, "부서 목록에 없는 부서입니다", "a department that is not listed";
        // sums
        PlanSum = "plan-sum", Error, "연도를 더한 값이 계와 다릅니다", "years that do not sum to the total";
        BudgetSum = "budget-sum", Error, "국비·시비·구비·민자의 합이 계와 다릅니다", "funds that do not sum to the total";
        BudgetTotal = "budget-total", Warning, "사업별 사업비의 합이 총액과 다릅니다", "program budgets that do not sum to the declared total";
        TreeSum = "tree-sum", Error, "아래 목표의 합이 위 목표와 다릅니다", "children's targets that do not sum to their parent's";
        TableSum = "table-sum", Error, "총괄표의 합이 맞지 않습니다", "a summary table that does not add up";
        TableTarget = "table-target", Error, "총괄표의 계가 목표와 다릅니다", "a summary table that differs from the target";
        TableTree = "table-tree", Warning, "총괄표가 사업 목표의 합과 다릅니다", "a summary table that differs from the programs' targets";
        // plan over plan
        LoweredTarget = "lowered-target", Error, "목표를 까닭 없이 낮췄습니다", "a target lowered without a reason";
        RevisedTarget = "revised-target", Note, "연차계획이 목표를 바꿨습니다", "a yearly plan that changes a target";
        YearOutsidePlan = "year-outside-plan", Error, "계획 기간 밖의 연도입니다", "a year outside the plan";
        TwoPlansOneYear = "two-plans-one-year", Warning, "같은 해의 계획이 둘입니다", "two plans for one year with nothing to order them";
        PastOfficeTerm = "past-office-term", Note, "계획이 임기를 지나서까지 갑니다", "a plan that runs past the term of office";
        RenamedNode = "renamed-node", Note, "같은 번호의 이름이나 단계가 계획마다 다릅니다", "the same id with another name or level in another plan";
        // statistics
        WorkingAgeShare = "working-age-share", Warning, "경제활동인구가 주민의 75 %를 넘습니다", "an economically active population above 75 % of residents";
        AdultShare = "adult-share", Warning, "15세 이상 인구가 주민의 80~95 % 밖입니다", "15 and over outside 80-95 % of residents";
        PrimeAgeShare = "prime-age-share", Warning, "15~64세 인구가 주민의 60~80 % 밖입니다", "15-64 outside 60-80 % of residents";
        LargerThanPopulation = "larger-than-population", Error, "주민보다 많습니다", "more than there are residents";
        NoReferenceDate = "no-reference-date", Warning, "기준일이 없습니다", "no reference date";
        NoDefinition = "no-definition", Warning, "정의가 없거나 확인되지 않았습니다", "no definition, or an unconfirmed one";
        // results
        OverlappingResults = "overlapping-results", Error, "같은 것을 같은 달에 두 번 셌습니다", "two results that count the same months";
        FallingCumulative = "falling-cumulative", Warning, "누계가 줄었습니다", "a cumulative number that falls";
        PartsExceed = "parts-exceed", Error, "내역의 합이 전체보다 큽니다", "parts that exceed their whole";
        PrintedRate = "printed-rate", Warning, "적힌 달성률이 계산과 다릅니다", "a printed rate that differs from the computed one";
        PrintedRateCut = "printed-rate-cut", Note, "적힌 달성률은 끝자리를 버린 값입니다", "a printed rate that was cut, not rounded";
        PrintedTarget = "printed-target", Warning, "적힌 목표가 계획의 목표와 다릅니다", "a printed target that differs from the plan's";
        ShortWithoutReason = "short-without-reason", Warning, "미달 사유가 없습니다", "a shortfall without its reason";
        ResultOverYears = "result-over-years", Warning, "한 해를 넘는 기간의 실적입니다", "a result over more than one calendar year";
        AboutResult = "about-result", Note, "어림수라 장부의 합계에 들어가지 않습니다", "an approximate result, which enters no exact total";
        // tables by 동
        UnknownDong = "unknown-dong", Error, "이 구에 없는 동입니다", "a 동 that the district does not have";
        DongPlace = "dong-place", Error, "동의 자리로 쓸 수 없습니다", "no place for a tile";
        DongSum = "dong-sum", Error, "동을 더한 값이 계와 다릅니다", "동 that do not add up to their sum";
        SmallCell = "small-cell", Error, "작은 수를 읽거나 되짚을 수 있습니다", "a small number that can be read or computed";
    }
}
