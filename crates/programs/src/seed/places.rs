//! The demo's places (자리): thirty-nine works in five fields, 332 seats, and the four small ones of the other calls.
//!
//! Owns: what is done where, by how many, and which unit project of the invented plan each counts for. The
//! sums by field are those that Gwangjin-gu announced for the first half of 2026 (15, 36, 111, 4 and 166);
//! the works, their sites and the seats at each are invented (예시). What a newcomer gets wrong: a place on a
//! project that the plan counts by sums. No person can be entered there.

use iljari_base::{Failure, Outcome};
use iljari_disclosure::log::words::NodeId;
use iljari_disclosure::plan::{Counting, District};

use crate::model::WorkPlace;

/// The unit project of the small calls.
const SMALL: &str = "1-1-1-3";

/// A field: its name, its unit project, and its works with site, 동 and seats.
type Field = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str, i64)]);

/// The five fields. 사업번호 are made from their order.
const FIELDS: [Field; 5] = [
    (
        "경제",
        "1-1-1-5",
        &[
            ("전통시장 안내 도우미", "나루시장", "나루1동", 6),
            ("골목상권 살림 도우미", "물새길 가게 거리", "물새동", 5),
            ("청년 나눔장터 지기", "강변 나눔장터", "은모래동", 4),
        ],
    ),
    (
        "돌봄·건강",
        "1-1-1-6",
        &[
            ("경로당 건강 도우미", "솔숲경로당과 둘레 네 곳", "솔숲동", 8),
            ("어르신 말벗", "버들동 어르신 댁", "버들동", 8),
            ("아이 등하굣길 동무", "가람초등학교 둘레", "가람1동", 6),
            ("장애인 나들이 도우미", "나루복지관", "나루2동", 4),
            ("보건소 안내 도우미", "나루구보건소", "나루1동", 5),
            ("나눔밥상 도우미", "징검다리 나눔밥상", "징검동", 5),
        ],
    ),
    (
        "사회안전",
        "1-1-1-7",
        &[
            ("골목 안전 살피미", "윗나루동 골목", "윗나루동", 14),
            ("학교 둘레 안전 지킴이", "가람중학교 둘레", "가람2동", 12),
            ("공원 안전 살피미", "강변공원", "은모래동", 12),
            ("늦은 귀갓길 동행", "나루역에서 나루2동까지", "나루2동", 10),
            ("옹벽과 축대 살피미", "윗나루동 비탈길", "윗나루동", 8),
            ("빗물받이 살피미", "너른들동 큰길", "너른들동", 12),
            ("공중화장실 안전 살피미", "강변과 시장 아홉 곳", "물새동", 9),
            ("어린이놀이터 살피미", "놀이터 스무 곳", "솔숲동", 10),
            ("자전거길 안전 도우미", "강변 자전거길", "버들동", 8),
            ("더위와 추위 쉼터 지기", "주민센터 쉼터", "갈대동", 8),
            ("물놀이터 안전 살피미", "은모래 물놀이터", "은모래동", 8),
        ],
    ),
    (
        "디지털",
        "1-1-1-8",
        &[
            ("무인 발급기 안내 도우미", "구청 민원실", "나루1동", 2),
            ("청년 전화기 교실 도우미", "갈대동 주민센터", "갈대동", 2),
        ],
    ),
    (
        "기후환경",
        "1-1-1-9",
        &[
            ("되살림 정류소 지기", "되살림 정류소 열두 곳", "가람1동", 12),
            ("강변 환경지기", "강변 동쪽", "은모래동", 12),
            ("골목 쓸기", "나루1동 골목", "나루1동", 12),
            ("하천 가꿈이", "물새내", "물새동", 11),
            ("거리 화분 가꿈이", "구청 앞 큰길", "나루2동", 11),
            ("텃밭 거름 지기", "나눔 텃밭", "너른들동", 10),
            ("종이팩과 건전지 모으미", "동 주민센터 열두 곳", "가람2동", 10),
            ("커피 찌꺼기 되살림", "되살림 마당", "징검동", 10),
            ("다회용 그릇 되살림", "나루시장 그릇 씻는 곳", "나루1동", 10),
            ("헌 옷 되살림", "되살림 마당", "징검동", 10),
            ("공원 숲 가꿈이", "솔숲공원", "솔숲동", 9),
            ("산책길 가꿈이", "버들 산책길", "버들동", 9),
            ("가로수 돌보미", "너른들로", "너른들동", 9),
            ("빗물 정원 지기", "갈대동 빗물 정원", "갈대동", 8),
            ("장난감 병원 도우미", "장난감 병원", "가람2동", 8),
            ("우산 수리소 도우미", "우산 수리소", "윗나루동", 8),
            ("탄소 줄이기 알림이", "동 주민센터 열두 곳", "갈대동", 7),
        ],
    ),
];

/// Whether the plan of this year counts people one by one wherever the demo puts them.
pub fn fit(book: &District, year: iljari_base::Year) -> bool {
    let singly = |node: &str| {
        book.tree_in_force(year)
            .is_some_and(|plan| plan.node(node).is_some() && plan.counting(node, year) == Some(Counting::Individual))
    };
    singly(SMALL) && FIELDS.iter().all(|(_, node, _)| singly(node))
}

/// The thirty-nine places of the large call.
pub fn large() -> Outcome<Vec<WorkPlace>> {
    let mut places = Vec::new();
    for (field, (area, node, works)) in (1..).zip(FIELDS) {
        for (nth, (name, site, dong, capacity)) in (1..).zip(works) {
            places.push(WorkPlace {
                no: format!("{field}-{nth:02}"),
                name: (*name).to_owned(),
                site: (*site).to_owned(),
                dong: (*dong).to_owned(),
                area: area.to_owned(),
                pool: if name.starts_with("청년") { "청년" } else { "일반" }.to_owned(),
                node: read(node)?,
                capacity: *capacity,
            });
        }
    }
    Ok(places)
}

/// The three places of the small calls.
pub fn small() -> Outcome<Vec<WorkPlace>> {
    let node = read(SMALL)?;
    let place = |no: &str, name: &str, pool: &str, capacity: i64| WorkPlace {
        no: no.to_owned(),
        name: name.to_owned(),
        site: "갈대동 주민센터".to_owned(),
        dong: "갈대동".to_owned(),
        area: "디지털".to_owned(),
        pool: pool.to_owned(),
        node: node.clone(),
        capacity,
    };
    Ok(vec![
        place("1-01", "무인 발급기 도우미", "일반", 2),
        place("1-02", "전화기 교실 도우미", "일반", 1),
        place("2-01", "청년 디지털 도우미", "청년", 1),
    ])
}

fn read(node: &str) -> Outcome<NodeId> {
    Ok(node.parse().map_err(Failure::new)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_call_has_the_announced_shape() {
        let places = large().expect("places");
        let of =
            |area: &str| -> i64 { places.iter().filter(|place| place.area == area).map(|place| place.capacity).sum() };
        assert_eq!(["경제", "돌봄·건강", "사회안전", "디지털", "기후환경"].map(of), [15, 36, 111, 4, 166]);
        assert_eq!((places.len(), places.iter().map(|place| place.capacity).sum::<i64>()), (39, 332));
    }
}
