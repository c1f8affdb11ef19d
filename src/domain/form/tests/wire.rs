//! The JSON of answers. New fields and variants may be added; existing ones never change.

use std::collections::BTreeMap;

use super::*;
use crate::submission::Body;
use crate::text::Text;

/// Answers read back, and parts that only a newer kiosk knows are kept unchanged.
#[test]
fn answers_from_newer_kiosks_are_kept() {
    let form = small();
    let given = answers(
        &form,
        [
            ("a", Answer::Faces(Csat::try_from(4).unwrap())),
            ("b", Answer::Chosen(Chosen { options: vec!["x/y".to_owned()], remark: Text::parse("z").ok() })),
            ("c", Answer::Text(Story::parse("好").unwrap())),
            ("d", Answer::Unsure),
            ("e", Answer::When(ApproximateTime { day: today(), part: DayPart::Earlier })),
        ],
    );
    let golden = r#"{"kind":"answers","form":"parking","version":1000,"about":"feedback","answers":{"a":{"faces":4},"b":{"chosen":{"options":["x/y"],"remark":"z"}},"c":{"text":"好"},"d":"unsure","e":{"when":{"day":"2026-11-22","part":"earlier"}}}}"#;
    assert_eq!(serde_json::to_string(&Body::Answers(given.clone())).unwrap(), golden);
    assert_eq!(serde_json::from_str::<Body>(golden).unwrap(), Body::Answers(given));
    let newer = r#"{"kind":"answers","form":"dance","version":7,"about":"dancing","urgent":true,"x":1,"answers":{"a":{"drawn":[1,2]},"b":{"faces":9},"c":{"when":{"day":"2026-11-22","part":"teatime"}}}}"#;
    let Body::Answers(read) = serde_json::from_str(newer).unwrap() else { panic!("not answers") };
    assert_eq!((read.about, read.urgent), (Kind::Other, true));
    let shown: BTreeMap<_, _> =
        lines(None, &read, Language::En).into_iter().map(|l| (l.id, l.value)).collect();
    assert_eq!(shown["a"], r#"{"drawn":[1,2]}"#);
    assert_eq!(shown["b"], r#"{"faces":9}"#);
    assert_eq!(shown["c"], "22 Nov");
}
