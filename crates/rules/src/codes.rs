//! The rules that rule files must keep, by stable name.

iljari_authored::file_rules! {
    /// A rule of the checker of rule files.
    Code {
        TooLarge = "too-large", Error, "너무 큽니다", "too large";
        EmptyFile = "empty-file", Error, "파일이 비어 있습니다", "the file is empty";
        BomOnly = "bom-only", Error, "바이트 순서 표시(BOM)만 있습니다", "nothing but a byte-order mark";
        NotUtf8 = "not-utf8", Error, "UTF-8이 아닙니다", "not UTF-8";
        NulByte = "nul-byte", Error, "NUL 문자가 있습니다", "a NUL character";
        YamlSyntax = "yaml-syntax", Error, "YAML로 읽을 수 없습니다", "not YAML";
        SeveralDocuments = "several-documents", Error, "한 파일에 문서가 여럿입니다", "several documents in one file";
        AnchorAlias = "anchor-alias", Error, "앵커(&)나 별칭(*)을 썼습니다", "an anchor or alias";
        YamlTag = "yaml-tag", Error, "태그(!)를 썼습니다", "a tag";
        DuplicateKey = "duplicate-key", Error, "같은 항목을 두 번 적었습니다", "the same key twice";
        YamlBoolean = "yaml-boolean", Error, "따옴표 없는 yes, no, true 같은 말입니다", "yes, no, true and the like without quotes";
        EmptyValue = "empty-value", Error, "항목에 값이 없습니다", "a key without a value";
        TooManyProblems = "too-many-problems", Error, "문제가 너무 많습니다", "too many problems to list";
        HiddenCharacter = "hidden-character", Error, "보이지 않는 문자가 있습니다", "an invisible character";
        ResidentNumber = "resident-number", Error, "주민등록번호로 보이는 숫자가 있습니다", "something shaped like a resident registration number";
        UnknownKey = "unknown-key", Error, "모르는 항목입니다", "an unknown key";
        MissingKey = "missing-key", Error, "꼭 있어야 할 항목이 없습니다", "a required key is missing";
        WrongShape = "wrong-shape", Error, "모양이 다릅니다(목록, 묶음, 값)", "a list, mapping or value where another belongs";
        UnknownWord = "unknown-word", Error, "정해진 말이 아닙니다", "not one of the listed words";
        BadCommas = "bad-commas", Error, "쉼표가 수를 갈랐습니다", "a comma that tore a number in two";
        UnknownFormat = "unknown-format", Error, "모르는 형식입니다", "an unknown format version";
        BadName = "bad-name", Error, "이름으로 쓸 수 없는 글자가 있습니다", "a name with characters that a condition cannot use";
        DuplicateName = "duplicate-name", Error, "같은 이름이 둘입니다", "the same name twice";
        BadExpression = "bad-expression", Error, "조건을 읽을 수 없습니다", "a condition that cannot be read";
        UnknownName = "unknown-name", Error, "모르는 이름입니다", "a name that is no fact, reference value or function";
        WrongType = "wrong-type", Error, "종류가 다른 값을 견주었습니다", "values of different kinds compared";
        BadValue = "bad-value", Error, "값을 읽을 수 없습니다", "a value that cannot be read";
        BadDate = "bad-date", Error, "날짜를 읽을 수 없습니다", "a date that cannot be read";
        ValidityReversed = "validity-reversed", Error, "유효 기간이 거꾸로입니다", "a validity that ends before it begins";
        HistoryOrder = "history-order", Error, "기준값의 시행일이 차례대로가 아닙니다", "a history whose dates do not rise";
        NotInForce = "not-in-force", Error, "유효 기간이 시작할 때 기준값이 없습니다", "a reference value that is not there when the rules begin";
        NoSource = "no-source", Error, "출처가 없습니다", "no source";
        UnknownSource = "unknown-source", Error, "출처 목록에 없는 출처입니다", "a source that is not listed";
        NoBasis = "no-basis", Warning, "조항의 근거가 없습니다", "a clause without its article";
        NoDocument = "no-document", Warning, "무엇으로 확인하는지 없는 사실입니다", "a fact that no document or look-up proves";
        UnusedFact = "unused-fact", Warning, "어떤 조건에도 쓰이지 않는 사실입니다", "a fact that no condition uses";
        BracketOverlap = "bracket-overlap", Error, "배점표의 두 칸이 겹칩니다", "two rows of a score table that overlap";
        BracketGap = "bracket-gap", Error, "배점표에 빠진 값이 있습니다", "a value that no row of a score table takes";
        PointsTotal = "points-total", Warning, "배점의 합이 적힌 만점과 다릅니다", "points that do not make the stated total";
        NoCase = "no-case", Error, "시험이 없는 규칙은 공고할 수 없습니다", "rules without test cases cannot be published";
        CaseFails = "case-fails", Error, "시험의 결과가 적힌 것과 다릅니다", "a test case whose outcome is another";
        ClauseNeverFails = "clause-never-fails", Warning, "이 조항에서 떨어지는 시험이 없습니다", "a clause that no test case fails at";
    }
}
