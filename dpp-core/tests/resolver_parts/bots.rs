//! Real user agents of bots, and user agents that nobody should send.

use dpp_core::resolver::{AgentClass, MAX_USER_AGENT, Visitor};
use proptest::prelude::*;

const BOTS: &[&str] = &[
    // Link previewers.
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookexternalhit/1.1;line-poker/1.0",
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
    "Facebot",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.23.20.0 A",
    "WhatsApp/2.2413.51 N",
    "WhatsApp",
    "Viber",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 \
     Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.103 Safari/537.36 \
     Pinterestbot/1.0 (+http://www.pinterest.com/bot.html)",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "http.rb/5.1.1 (Mastodon/4.2.10; +https://mastodon.social/) Bot",
    "Synapse/1.98.0",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    // Search engines, and what reads for models.
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/125.0.6422.175 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Googlebot-Image/1.0",
    "Mediapartners-Google",
    "GoogleOther",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.75 Safari/537.36 \
     Google Favicon",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 \
     Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; \
     Bytespider; spider-feedback@bytedance.com)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0",
    "anthropic-ai",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    // Monitors, testers, browsers on strings.
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
    "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 \
     Mobile Safari/537.36 Chrome-Lighthouse",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.93 Safari/537.36 \
     PTST/211202.211915",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Site24x7",
    "Datadog Agent/7.69.2",
    "kube-probe/1.29",
    "Amazon-Route53-Health-Check-Service (ref 1; report http://amzn.to/1vsZADi)",
    "ELB-HealthChecker/2.0",
    "check_http/v2.2.1 (nagios-plugins 2.2.1)",
    "Mozilla/5.0 zgrab/0.x",
    "Mozilla/5.00 (Nikto/2.1.5) (Evasions:None) (Test:Port Check)",
    // Tools, servers, readers.
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.31.0",
    "Go-http-client/2.0",
    "Java/17.0.9",
    "axios/1.6.2",
    "PostmanRuntime/7.36.0",
    "WordPress/6.4; https://example.com",
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
    "Tiny Tiny RSS/1.15.3 (http://tt-rss.org/)",
    "panscient.com",
];

#[test]
fn bots_are_told_whatever_the_case_of_their_letters() {
    for agent in BOTS {
        for agent in [*agent, &agent.to_uppercase(), &agent.to_lowercase()] {
            assert!(Visitor::of(Some(agent.as_bytes())).is_bot(), "{agent}");
        }
    }
}

#[test]
fn what_is_missing_or_unknown_is_no_bot() {
    let somebody = Visitor::Somebody(AgentClass::Other);
    assert_eq!(Visitor::of(None), somebody);
    for agent in ["", " ", "-", "Mozilla/5.0", "TraceMyShirt/3", "\u{1f9e5}"] {
        assert_eq!(Visitor::of(Some(agent.as_bytes())), somebody, "{agent}");
    }
    assert_eq!(Visitor::of(Some(&[0xff, 0x00, 0x80])), somebody);
}

#[test]
fn a_word_counts_only_where_it_must_stand() {
    let somebody = Visitor::Somebody(AgentClass::Other);
    let cases = [
        ("Bottega/1.0", somebody),
        ("Abbots/1.0", Visitor::Bot),
        ("mybot7", Visitor::Bot),
        ("MyScanner/1.0", somebody),
        ("S1RSS32", somebody),
        ("RSSX/1", somebody),
        ("Tiny RSS", Visitor::Bot),
        ("x curl/8", Visitor::Bot),
        ("Shop WhatsApp/2", somebody),
        ("WhatsApp Business", somebody),
        ("Cubot Googlebot", Visitor::Bot),
    ];
    for (agent, expected) in cases {
        assert_eq!(Visitor::of(Some(agent.as_bytes())), expected, "{agent}");
    }
}

#[test]
fn only_the_first_kibibyte_is_read() {
    let at = |offset: usize| [" ".repeat(offset).as_str(), "Googlebot/2.1"].concat();
    let last = MAX_USER_AGENT - "Googlebot".len();
    assert!(Visitor::of(Some(at(last).as_bytes())).is_bot());
    assert!(!Visitor::of(Some(at(last + 1).as_bytes())).is_bot());
    for filler in ["bot ", "a", "android mobile ", "\u{0}"] {
        let agent = filler.repeat(64 * 1024 / filler.len());
        let is_bot = Visitor::of(Some(agent.as_bytes())).is_bot();
        assert_eq!(is_bot, filler == "bot ", "{filler:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered_and_a_name_is_found_among_them(
        before in prop::collection::vec(any::<u8>(), 0..400),
        after in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        let _ = Visitor::of(Some(&before));
        let agent = [before.as_slice(), b" facebookexternalhit/1.1 ", after.as_slice()].concat();
        prop_assert_eq!(Visitor::of(Some(&agent)), Visitor::Bot);
    }
}
