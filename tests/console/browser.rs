//! A real Chromium in headless mode, driven through ChromeDriver.

use std::io::{BufRead as _, BufReader, ErrorKind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(15);

/// The kind of screen that a browser simulates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glass {
    /// A desktop screen.
    Desk,
    /// A desktop screen, in a browser that speaks HTTP/1.1.
    DeskOverHttp1,
    /// A desktop screen, with scripts switched off.
    DeskWithoutScripts,
    Telephone,
}

pub struct Browser {
    client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a browser whose preferred language is `language`.
    pub async fn open(glass: Glass, language: &str) -> Self {
        let (driver, port) = start_driver();
        let profile = tempfile::tempdir().unwrap();
        let capabilities = json!({
            "acceptInsecureCerts": true,
            "goog:chromeOptions": options(glass, language, profile.path().to_str().unwrap()),
        });
        let serde_json::Value::Object(capabilities) = capabilities else { unreachable!() };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("ChromeDriver opens Chromium");
        Self { client, driver, _profile: profile }
    }

    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits for the first element that matches `css`.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}\n{}", self.text().await),
        }
    }

    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    pub async fn write(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Waits until the text of the page contains `text`.
    pub async fn says(&self, text: &str) {
        let started = Instant::now();
        while !self.text().await.contains(text) {
            if started.elapsed() > PATIENCE {
                panic!("the page does not say {text:?}:\n{}", self.text().await);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until a script returns true.
    pub async fn until(&self, script: &str) {
        let started = Instant::now();
        while self.run(script).await != true {
            if started.elapsed() > PATIENCE {
                panic!("it does not become true: {script}\n{}", self.text().await);
            }
            tokio::task::yield_now().await;
        }
    }

    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Makes the page this many pixels wide.
    pub async fn widen(&self, width: u32) {
        self.client.set_window_size(width, 1043).await.unwrap();
    }

    /// Types into whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Opens a page in a new tab, and shows it.
    pub async fn tab(&self, url: &str) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        self.go(url).await;
    }

    /// Shows the tab that was opened as the `n`th, from 0.
    pub async fn show_tab(&self, n: usize) {
        let tab = self.client.windows().await.unwrap().remove(n);
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Shows the page as it is printed.
    pub async fn print_preview(&self) {
        self.run(
            "for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) \
             if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all'",
        )
        .await;
    }

    /// The visible text of the page.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    pub async fn url(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Saves a picture of the page, to be looked at after a test run.
    pub async fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("console");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await.unwrap()).unwrap();
    }

    pub async fn run(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub async fn close(mut self) {
        let _: Result<(), CmdError> = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn options(glass: Glass, language: &str, profile: &str) -> serde_json::Value {
    let mut args = vec![
        "--headless=new".to_owned(),
        // Chromium refuses to use its sandbox as root, and tests of packages run as root.
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--no-first-run".to_owned(),
        // The window height includes a frame of 143 pixels, even in headless mode.
        "--window-size=1440,1043".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--accept-lang={language}"),
        format!("--user-data-dir={profile}"),
    ];
    let mut options = json!({});
    match glass {
        Glass::Desk => {}
        Glass::DeskOverHttp1 => args.push("--disable-http2".to_owned()),
        Glass::DeskWithoutScripts => {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        Glass::Telephone => {
            options["mobileEmulation"] =
                json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0, "touch": true}});
            args.retain(|arg| !arg.starts_with("--window-size"));
        }
    }
    options["args"] = json!(args);
    options
}

fn start_driver() -> (Child, u16) {
    let started =
        Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut driver = match started {
        Ok(driver) => driver,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("chromedriver is missing: install the Debian packages chromium and chromium-driver")
        }
        Err(error) => panic!("chromedriver does not start: {error}"),
    };
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok())
        .expect("ChromeDriver says on which port it listens");
    (driver, port)
}
