//! Real user agents of people: browsers, browsers inside apps, and apps.

use AgentClass::{AndroidPhone, AndroidTablet, Desktop, Ipad, Iphone, Other};
use dpp_core::resolver::{AgentClass, Visitor};

const PEOPLE: &[(AgentClass, &str)] = &[
    // Browsers.
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/17.4.1 Mobile/15E148 Safari/604.1",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/17.4.1 Mobile/15E148 Safari/604.1 (Ecosia ios@9.2.3.1367)",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        CriOS/123.0.6312.52 Mobile/15E148 Safari/604.1",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        FxiOS/124.0 Mobile/15E148 Safari/605.1.15",
    ),
    (
        Ipad,
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 \
        Mobile/15E148 Safari/604.1",
    ),
    (
        Desktop,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/17.4 Safari/605.1.15",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 \
        Mobile Safari/537.36",
    ),
    (
        AndroidTablet,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 \
        Safari/537.36",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) \
        SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
    ),
    (
        AndroidTablet,
        "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) \
        SamsungBrowser/24.0 Chrome/117.0.0.0 Safari/537.36",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
    ),
    (
        AndroidTablet,
        "Mozilla/5.0 (Android 14; Tablet; rv:125.0) Gecko/125.0 Firefox/125.0",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/110.0.0.0 Mobile Safari/537.36",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 6.0; IDbot553 Build/MRA58K) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/54.0.2840.85 Mobile Safari/537.36",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; U; Android 11; en-US; RMX2185) AppleWebKit/537.36 (KHTML, like Gecko) \
        Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 \
        Mobile Safari/537.36 EdgA/123.0.2420.56",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 13; M2101K6G) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
        Chrome/89.0.4389.116 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.4.0-g",
    ),
    (
        Desktop,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 \
        Safari/537.36 Edg/124.0.0.0",
    ),
    (
        Desktop,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
    ),
    (
        Desktop,
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
    ),
    (
        Desktop,
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 \
        Safari/537.36",
    ),
    (
        Other,
        "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; IEMobile/11.0; \
        NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X AppleWebKit/537 (KHTML, like Gecko) Mobile Safari/537",
    ),
    (
        Other,
        "Mozilla/5.0 (Mobile; LYF/F220B; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    ),
    (
        Other,
        "Safari%20Technology%20Preview/11601.6.17 CFNetwork/760.4.2 Darwin/15.4.0 (x86_64)",
    ),
    // Browsers inside apps.
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/21D61 Instagram 321.0.2.21.110 (iPhone14,5; iOS 17_3_1; de_DE; de; scale=3.00; 1170x2532; 571922042)",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 12; moto g(50) 5G Build/S1RSS32.38-20-9-13; wv) AppleWebKit/537.36 \
        (KHTML,like Gecko) Version/4.0 Chrome/124.0.6367.180 Mobile Safari/537.36 Instagram 333.0.0.42.91 Android \
        (31/12; 280dpi; 720x1462; motorola; moto g(50) 5G; saipan; mt6833; pt_BR; 604247853)",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBBV/564431005;FBDV/iPhone12,1;FBMD/iPhone;FBSN/iOS;FBSV/17.2;\
        FBSS/2;FBID/phone;FBLC/en_US;FBOP/5;FBRV/567052743]",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, \
        like Gecko) Version/4.0 Chrome/120.0.6099.230 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/449.0.0.38.108;]",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 15; Pixel 10 Build/AP4A; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
        Version/4.0 Chrome/146.0.7680.174 Mobile Safari/537.36 MetaIAB Facebook",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 MicroMessenger/8.0.44(0x18002c2d) NetType/WIFI Language/zh_CN",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 11; V2055A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
        Chrome/86.0.4240.99 XWEB/4317 MMWEBSDK/20220903 Mobile Safari/537.36 MMWEBID/9087 MicroMessenger/8.0.28",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 Safari Line/13.20.0",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 13; SO-51C; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
        Chrome/119.0.6045.163 Mobile Safari/537.36 Line/13.19.1/IAB",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        GSA/308.0.615969171 Mobile/15E148 Safari/604.1",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/17.3 Mobile/15E148 Snapchat/12.77.0.38 (like Safari/8617.2.4.10.7, panda)",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 musical_ly_33.3.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 [Pinterest/iOS]",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 [LinkedInApp]/9.28.1543",
    ),
    (
        Iphone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Mobile/15E148 Twitter for iPhone/10.24",
    ),
    (
        AndroidPhone,
        "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
        Chrome/117.0.0.0 Mobile DuckDuckGo/5 Safari/537.36",
    ),
    (
        AndroidPhone,
        "ddg_android/5.190.0 (com.duckduckgo.mobile.android; Android API 33)",
    ),
    // Apps that fetch by themselves: what a scan app may send.
    (Other, "okhttp/4.12.0"),
    (Other, "Passport/12 CFNetwork/1490.0.4 Darwin/23.2.0"),
    (Iphone, "ScanApp/2.1 (iPhone; iOS 17.2; Scale/3.00)"),
    (
        AndroidPhone,
        "Dalvik/2.1.0 (Linux; U; Android 13; SM-S911B Build/TP1A.220624.014)",
    ),
    (
        AndroidTablet,
        "Dalvik/2.1.0 (Linux; U; Android 12; SM-T870 Build/SP1A.210812.016)",
    ),
    (Other, "Dart/3.2 (dart:io)"),
    (Other, "Apache-HttpClient/UNAVAILABLE (java 1.4)"),
    (Other, "QR Code Scanner/4.0.1"),
];

#[test]
fn people_are_told_by_what_they_hold_and_never_taken_for_bots() {
    for (class, agent) in PEOPLE {
        let visitor = Visitor::of(Some(agent.as_bytes()));
        assert_eq!(visitor, Visitor::Somebody(*class), "{agent}");
    }
}
