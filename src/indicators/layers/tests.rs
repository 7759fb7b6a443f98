use std::fs;

use super::*;
use crate::indicators::Certainty;

#[test]
fn the_built_in_rules_are_sound() {
    let rules = built_in().expect("the built-in rules have no errors");
    assert_eq!(
        rules.scales().iter().map(|scale| scale.id.as_str()).collect::<Vec<_>>(),
        ["2019", "sichuan", "2015"]
    );
    for (file, text) in BUILT_IN {
        assert!(text.contains("\nversion = \""), "{file} has no version");
    }
    for rule in &rules.rules {
        let groups = ["单项否决", "扣分指标", "加分指标", "建议"];
        let expected = groups[rule.consequence as usize];
        assert_eq!(rule.group, expected, "{}", rule.id);
        for says in
            rule.all_counts().filter(|count| count.check == "stale-column").flat_map(|count| &count.says)
        {
            let names = |kind: &ColumnKind| format!("（{}）", kind.name) == *says;
            assert!(says == "（登记周期）" || rules.columns.kinds.iter().any(names), "{says}");
        }
        for says in
            rule.all_counts().filter(|count| count.check == "footer-element").flat_map(|count| &count.says)
        {
            assert!(rules.elements.iter().any(|element| element.name.contains(says)), "{says}");
        }
    }
}

/// Loads a folder with one file.
fn load_one(text: &str) -> Result<RuleSet, Vec<RuleError>> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("own.toml"), text).expect("a file can be written");
    load(folder.path())
}

#[test]
fn own_files_replace_and_add() {
    let rules = load_one(concat!(
        "[[rule]]\nid = \"DED-05\"\nname = \"政策文件\"\ngroup = \"扣分指标\"\nconsequence = \"deduct\"\n",
        "pages = [\"column\"]\nauthority = \"本省\"\nconfidence = \"verified\"\nscale = \"2019\"\npoints = 3\n",
        "expectation = \"…\"\ncounts = [{ check = \"stale-column\" }]\n",
        "[[kind]]\nid = \"water\"\nname = \"水质类\"\ncycle = { days = 40 }\nmust_update = true\n",
        "words = [\"水质月报\"]\nauthority = \"本省\"\nconfidence = \"default\"\n",
    ))
    .expect("no errors");
    let changed = rules.rules("2019").find(|rule| rule.id == "DED-05").expect("it is still there");
    assert_eq!(changed.points, 3.0);
    assert_eq!(rules.columns().classify("水质月报").map(|(kind, _)| kind.id.as_str()), Some("water"));
    assert!(rules.columns().kind("news").is_some());
    assert!(rules.version().contains("+local-"), "{}", rules.version());
    assert_ne!(rules.version(), RuleSet::built_in().version());
}

#[test]
fn single_figures_are_adjusted_where_a_scale_takes_them_over() {
    let rules = load_one(concat!(
        "[[adjust]]\nscale = \"sichuan\"\nid = \"DED-05\"\npoints = 4\n",
        "authority = \"川府公开办函\"\nconfidence = \"verified\"\n",
        "[[adjust]]\nscale = \"sichuan\"\nid = \"VETO-03\"\nparam = { warn_days = 7 }\n",
        "authority = \"本单位\"\nconfidence = \"default\"\n",
    ))
    .expect("no errors");
    let of = |scale: &str, id: &str| {
        let rule = rules.rules(scale).find(|rule| rule.id == id);
        rule.map(|rule| (rule.points, rule.item_cap, rule.param("warn_days"), rule.confidence))
    };
    assert_eq!(of("sichuan", "DED-05"), Some((4.0, 5.0, None, Certainty::Verified)));
    assert_eq!(of("2019", "DED-05"), Some((5.0, 5.0, None, Certainty::VerifiedSecond)));
    assert_eq!(of("sichuan", "VETO-03"), Some((0.0, 0.0, Some(7.0), Certainty::Default)));
    assert_eq!(of("sichuan", "DED-04").map(|rule| rule.3), Some(Certainty::RecalledMed));
    let ids = |scale| rules.rules(scale).map(|rule| rule.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids("sichuan"), ids("2019"), "in the order of the national table");
}

#[test]
fn what_cannot_be_laid_over_is_named() {
    let check = |text: &str, expected: &str| {
        let errors = load_one(text).expect_err(text);
        assert!(errors.iter().any(|error| error.message.contains(expected)), "{errors:#?}");
    };
    let adjust = |scale: &str, id: &str, rest: &str| {
        format!(
            "[[adjust]]\nscale = \"{scale}\"\nid = \"{id}\"\n{rest}\nauthority = \"a\"\nconfidence = \"default\"\n"
        )
    };
    check(&adjust("sichuan", "DED-99", "points = 1"), "has no rule `DED-99`");
    check(&adjust("sichuan", "DED-32", "points = 1"), "points of their own");
    check(&adjust("sichuan", "VETO-03", "param = { days = 1 }"), "no parameter `days`");
    check(&adjust("sichuan", "DED-05", "points = -1"), "points below 0");
    check("[[adjust]]\nscale = \"2019\"\nid = \"DED-05\"\npoints = 1\n", "missing key");
    check(
        "[[scale]]\nid = \"x\"\nname = \"x\"\nfull = 100\npass = 60\ngood = 80\nbased_on = \"x\"\nconfidence = \"default\"\n",
        "based on `x`",
    );
}

#[test]
fn all_problems_are_reported_at_once_with_their_lines() {
    let errors = load_one(concat!(
        "verzion = 1\n",                                                                        // 1
        "[[kind]]\nid = \"a\"\nnaem = \"甲\"\nmust_update = 3\nwords = []\n",                   // 2-6
        "authority = \"\"\nconfidence = \"sure\"\n",                                            // 7-8
        "[[element]]\nid = \"b\"\nname = \"乙\"\ntext = ['(']\n",                               // 9-12
        "[[rule]]\nid = \"X-1\"\nname = \"x\"\ngroup = \"建议\"\nconsequence = \"advisory\"\n", // 13-17
        "pages = [\"all\"]\nauthority = \"\"\nconfidence = \"default\"\nscale = \"2031\"\n",    // 18-21
        "expectation = \"\"\ncounts = [{ check = \"dead-lnk\" }]\n",                            // 22-23
    ))
    .expect_err("there are errors");
    let seen: Vec<_> = errors.iter().map(|error| (error.line, error.message.as_str())).collect();
    let check = |line: usize, words: &str| {
        assert!(
            seen.iter().any(|(at, text)| *at == line && text.contains(words)),
            "{line} {words}: {seen:#?}"
        );
    };
    check(1, "unknown key `verzion`");
    check(4, "unknown key `naem`");
    check(5, "invalid type");
    check(8, "unknown variant `sure`");
    check(12, "not a regular expression");
    check(13, "scale `2031` is not known");
    check(13, "there is no check `dead-lnk`");
    assert_eq!(seen.len(), 7, "{seen:#?}");
    assert!(errors.iter().all(|error| error.file.ends_with("own.toml") && !error.remedy.is_empty()));
}

#[test]
fn broken_syntax_and_missing_folders_are_errors_too() {
    let errors = load_one("version = \"1\"\n[[rule\n").expect_err("the bracket is open");
    assert_eq!(errors[0].line, 2, "{errors:?}");
    let errors = load(Path::new("/nonexistent/rules")).expect_err("there is no such folder");
    assert_eq!(errors.len(), 1);
}
