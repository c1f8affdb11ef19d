//! The events in the life of a fleet.

use chrono::TimeDelta;
use domain::wire::Limits;
use rand::rngs::ChaCha20Rng;

use super::fleet::Fleet;
use super::network::CANARY;
use crate::stage::chance::Chance as _;
use crate::stage::kiosk::draft_with;

pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

/// One event; a number is the index of a kiosk.
#[derive(Clone, Copy, Debug)]
pub enum Happening {
    Visit(usize),
    KioskCut(usize),
    WrongClock(usize),
    DiskCopied(usize),
    Revoked(usize),
    Backup,
    Restored,
    ServerCut,
    Down,
    OtherLimits,
    SomebodyLooks,
}

impl Happening {
    fn name(self) -> &'static str {
        match self {
            Self::Visit(_) => "visits",
            Self::KioskCut(_) => "kiosks cut off",
            Self::WrongClock(_) => "calendars set wrong",
            Self::DiskCopied(_) => "disks copied",
            Self::Revoked(_) => "kiosks revoked",
            Self::Backup => "backups",
            Self::Restored => "backups restored",
            Self::ServerCut => "servers cut off",
            Self::Down => "times without network",
            Self::OtherLimits => "limits changed",
            Self::SomebodyLooks => "looks",
        }
    }
}

/// Plans the events of this many days for this many kiosks.
pub fn plan(random: &mut ChaCha20Rng, days: u64, kiosks: usize) -> Vec<(u64, Happening)> {
    let mut plan = Vec::new();
    for day in 0..days {
        let morning = day * DAY;
        plan.push((morning + 3 * HOUR, Happening::Backup));
        for kiosk in 0..kiosks {
            let mut at = morning + 6 * HOUR + random.below(HOUR);
            while at < morning + 22 * HOUR {
                plan.push((at, Happening::Visit(kiosk)));
                at += 1 + random.below(50 * MINUTE);
            }
        }
        for minute in (0..24 * 60).step_by(30) {
            plan.push((morning + minute * MINUTE + random.below(MINUTE), Happening::SomebodyLooks));
        }
        let any = |random: &mut ChaCha20Rng| morning + random.below(DAY - 20 * MINUTE);
        for _ in 0..random.below(5) {
            plan.push((any(random), Happening::KioskCut(random.index(kiosks))));
        }
        for _ in 0..random.below(3) {
            plan.push((any(random), Happening::WrongClock(random.index(kiosks))));
            plan.push((any(random), Happening::Down));
            plan.push((any(random), Happening::OtherLimits));
            plan.push((any(random), Happening::ServerCut));
        }
        for (one_in, happening) in [
            (2, Happening::Restored),
            (3, Happening::DiskCopied(random.index(kiosks))),
            (4, Happening::Revoked(random.index(kiosks))),
        ] {
            if random.one_in(one_in) {
                plan.push((any(random), happening));
            }
        }
    }
    plan
}

pub fn happen(fleet: &mut Fleet, happening: Happening) {
    *fleet.outcome.happened.entry(happening.name()).or_default() += 1;
    let now = fleet.now();
    match happening {
        Happening::Visit(n) => visit(fleet, n),
        Happening::KioskCut(n) => {
            let away = fleet.random.below(2 * HOUR);
            fleet.kiosks[n].cut(away, None);
            fault(fleet, now + away);
        }
        Happening::WrongClock(n) => {
            let years = i64::try_from(fleet.random.below(80)).unwrap() - 56;
            let minutes = i64::try_from(fleet.random.below(600)).unwrap() - 300;
            let by = [TimeDelta::days(365 * years), TimeDelta::minutes(minutes), TimeDelta::zero()];
            fleet.kiosks[n].wrong_by = by[fleet.random.index(3)];
        }
        Happening::DiskCopied(n) => {
            let copy = fleet.kiosks[n].copied();
            fleet.kiosks.push(copy);
            fault(fleet, now);
        }
        Happening::Revoked(n) => {
            let number = fleet.kiosks[n].number();
            // A restored server may not know the kiosk; then there is nothing to revoke.
            let _ = fleet.network.borrow().server.admin().revoke_kiosk(number);
            fault(fleet, now);
        }
        Happening::Backup => fleet.network.borrow().server.save(),
        Happening::Restored => {
            fleet.network.borrow_mut().server.restore();
            fault(fleet, now);
        }
        Happening::ServerCut => fleet.network.borrow_mut().server.cut(),
        Happening::Down => {
            let until = now + fleet.random.below(4 * HOUR);
            fleet.network.borrow_mut().down_until = until;
        }
        Happening::OtherLimits => {
            let limits = Limits {
                max_items: [1, 3, 20, 200][fleet.random.index(4)],
                max_bytes: [16 * 1024, 64 * 1024, 1024 * 1024][fleet.random.index(3)],
                max_item_bytes: [350, 500, 64 * 1024][fleet.random.index(3)],
            };
            let mut network = fleet.network.borrow_mut();
            network.server.limits = limits;
            network.server.cut();
        }
        Happening::SomebodyLooks => {
            for n in 0..fleet.kiosks.len() {
                if fleet.random.one_in(3) {
                    let_in_again(fleet, n);
                }
            }
        }
    }
}

/// Records that a fault lasts until then.
fn fault(fleet: &Fleet, until: u64) {
    let mut network = fleet.network.borrow_mut();
    network.last_fault = network.last_fault.max(until);
}

fn visit(fleet: &mut Fleet, n: usize) {
    // A kiosk with a copied disk has its own visitors.
    let n = if fleet.random.one_in(2) { fleet.random.index(fleet.kiosks.len()) } else { n };
    let number = fleet.sent.len();
    let draft = draft_with(number, &format!("{CANARY} {number}"), &mut fleet.random);
    let receipt = fleet.kiosks[n].tell(&draft);
    fleet.sent.push((domain::seal::hex(&receipt.token.digest().0), draft));
    if fleet.random.one_in(60)
        && let Some(id) = fleet.kiosks[n].newest()
    {
        fleet.network.borrow_mut().poison.insert(id);
        *fleet.outcome.happened.entry("poisoned").or_default() += 1;
    }
}

/// Enrols a kiosk again that the server refuses or that was never enrolled; returns whether that was
/// necessary.
pub fn let_in_again(fleet: &mut Fleet, n: usize) -> bool {
    let (kiosk, random) = (&mut fleet.kiosks[n], &mut fleet.random);
    let number = kiosk.number();
    if !kiosk.is_refused() && !kiosk.is_alone() {
        return false;
    }
    let code = {
        let admin = fleet.network.borrow().server.admin();
        // A copied kiosk has no number of its own, and nobody can tell which of the two is the copy.
        let renewed = if random.one_in(2) { admin.renew_code(number).ok() } else { None };
        renewed.unwrap_or_else(|| admin.add_kiosk("a kiosk").unwrap().1)
    };
    kiosk.cut(0, Some(code.to_string()));
    true
}
