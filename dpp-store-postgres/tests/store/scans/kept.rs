//! What the table keeps of a scan, and what it does not take.

use dpp_core::resolver::{AgentClass, ScanRecord, Scanned};
use dpp_core::store::ScanStore;

use super::made::*;
use crate::support::*;

#[test]
fn the_whole_record_is_in_the_table() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        let full = scan(brand, "2027-02-18T23:59:59.999Z");
        let bare = ScanRecord {
            scanned: Scanned::Product {
                product: product(2),
            },
            status: None,
            query: None,
            agent: AgentClass::Other,
            location: None,
            network: None,
            ..full.clone()
        };
        let lot = ScanRecord {
            scanned: Scanned::Lot {
                product: product(1),
                batch: batch(1),
                lot: u32::MAX,
            },
            network: Some("2001:db8:7::/48".parse().unwrap()),
            ..full.clone()
        };
        scans.append(&[full, bare, lot]).await.unwrap();
        let client = raw_in(&schema).await;
        let sql =
            "SELECT (to_jsonb(s) - 'append_id' - 'place')::text FROM scan s ORDER BY kind DESC";
        let rows = client.query(sql, &[]).await.unwrap();
        let rows = rows.iter().map(|row| {
            let text: String = row.get(0);
            serde_json::from_str::<serde_json::Value>(&text).unwrap()
        });
        let rows: Vec<_> = rows.collect();
        let (product, other) = (product(1).to_string(), product(2).to_string());
        let (brand, batch) = (brand.to_string(), batch(1).to_string());
        let unit = serde_json::json!({
            "brand_id": brand, "day": "2027-02-18", "at_ms": 1_802_995_199_999_i64,
            "kind": "unit", "product_id": product, "batch_id": batch, "lot": null,
            "unit_index": 7, "status": "minted", "path": "/01/04012345987652/21/A1",
            "query": "linkType=all", "agent": "iphone", "location": "DE-BY",
            "network": "203.0.113.0/24",
        });
        let with = |changes: serde_json::Value| {
            let mut row = unit.clone();
            let changes = changes.as_object().unwrap().clone();
            row.as_object_mut().unwrap().extend(changes);
            row
        };
        let as_such = with(serde_json::json!({
            "kind": "product", "product_id": other, "batch_id": null, "unit_index": null,
            "status": null, "query": null, "agent": "other", "location": null, "network": null,
        }));
        let lot = with(serde_json::json!({
            "kind": "lot", "lot": u32::MAX, "unit_index": null, "network": "2001:db8:7::/48",
        }));
        assert_eq!(rows, [unit, as_such, lot]);
    });
}

#[test]
fn the_table_itself_takes_no_whole_address() {
    in_time(async {
        let (schema, scans, brand) = opened().await;
        scans
            .append(&[scan(brand, "2027-02-18T09:30:00Z")])
            .await
            .unwrap();
        let client = raw_in(&schema).await;
        for (network, is_taken) in [
            ("203.0.113.77/32", false),
            ("203.0.112.0/20", false),
            ("2001:db8:7:8::/64", false),
            ("2001:db8:7::/48", true),
            ("198.51.100.0/24", true),
        ] {
            let sql = format!("UPDATE scan SET network = '{network}'");
            let outcome = client.batch_execute(&sql).await;
            assert_eq!(outcome.is_ok(), is_taken, "{network}");
        }
    });
}
