use super::*;

#[track_caller]
fn deeds(code: &str) -> Vec<Deed> {
    read(code).acts.into_iter().map(|act| act.deed).collect()
}

#[track_caller]
fn written(code: &str) -> String {
    written_by(&read(code)).unwrap_or_else(|| panic!("{code}: {:?}", read(code)))
}

fn written_by(reading: &Reading) -> Option<String> {
    let written: String = reading.markup().collect();
    (!written.is_empty()).then_some(written)
}

const LINK: &str = r#"<a href="http://spam.example/">x</a>"#;

#[test]
fn plain_writes_are_read() {
    for code in [
        r#"document.write('<a href="http://spam.example/">x</a>')"#,
        r#"document.write('<a href="http://spam'+'.example/">'+"x</a>");"#,
        r#"var a='<a href="http://', b="spam.example"; document . writeln(a + b + '/">x</a>');"#,
        r#"window["document"]["wri"+"te"]('<a href="http://spam.example/">x</a>')"#,
        r#"var s = `<a href="http://${'spam'}.example/">x</a>`; document.body.innerHTML = s"#,
        r#"$('#foot').append('<a href="http://spam.example/">x</a>')"#,
        r#"x.insertAdjacentHTML('beforeend', ['<a href="http://spam', 'example/">x</a>'].join('.'))"#,
        r#"<!-- hide
        document.write('<a href="http://spam.example/">x</a>'); // -->"#,
    ] {
        assert_eq!(written(code), LINK, "{code}");
    }
}

#[test]
fn wrappings_are_undone() {
    let check = |code: &str, wrapping: Wrapping| {
        let reading = read(code);
        assert_eq!(written_by(&reading).as_deref(), Some(LINK), "{code}: {reading:?}");
        assert!(reading.wrappings.has(wrapping), "{code}: {reading:?}");
    };
    let hex: String = LINK.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    check(&format!("window[\"\\x64ocument\"]['write'](\"{hex}\")"), Wrapping::Escapes);
    let percent: String = LINK.bytes().map(|byte| format!("%{byte:02X}")).collect();
    check(&format!("document.write(unescape('{percent}'))"), Wrapping::Percent);
    let wide: String = LINK.bytes().map(|byte| format!("%u00{byte:02x}")).collect();
    check(&format!("var q=unescape(\"{wide}\");document.write(q)"), Wrapping::Percent);
    let codes: Vec<String> = LINK.bytes().map(|byte| byte.to_string()).collect();
    check(&format!("document.write(String.fromCharCode({}))", codes.join(",")), Wrapping::CharCodes);
    let letters = codes.join("x");
    check(
        &format!(
            "['v4']['filter']['constructor']((['v4']+[])['constructor']['fromCharCode']['apply'](null,\
             'document.write(unescape(\"{percent}\"))'['length'] ? [{}] : []))()",
            format!("document.write(unescape(\"{percent}\"))")
                .bytes()
                .map(|byte| byte.to_string())
                .collect::<Vec<_>>()
                .join(",")
        ),
        Wrapping::CharCodes,
    );
    check(
        &format!("document.write(String.fromCharCode.apply(null,'{letters}'.split(/[a-zA-Z]{{1,}}/)))"),
        Wrapping::CharCodes,
    );
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(LINK);
    check(&format!("document.write(atob('{}'+'{}'))", &base64[..10], &base64[10..]), Wrapping::Base64);
    let keyed: String = LINK.bytes().map(|byte| char::from(byte ^ 4)).collect();
    let keyed = serde_json::to_string(&keyed).expect("a text");
    let code = format!(
        "var s={keyed},r='';for(var i=0;i<s.length;i++)r+=String.fromCharCode(s.charCodeAt(i)^4);document.write(r)"
    );
    let reading = read(&code);
    assert!(written_by(&reading).is_some_and(|written| written.ends_with(LINK)), "{reading:?}");
    assert!(reading.wrappings.has(Wrapping::Keyed));
    let reversed: String = LINK.chars().rev().collect();
    let reversed = serde_json::to_string(&reversed).expect("a text");
    assert_eq!(written(&format!("document.write({reversed}.split('').reverse().join(''))")), LINK);
}

#[test]
fn packed_scripts_are_unpacked() {
    let code = r#"eval(function(p,a,c,k,e,d){e=function(c){return(c<a?"":e(parseInt(c/a)))};if(!''.replace(/^/,String)){while(c--)d[e(c)]=k[c]||e(c);k=[function(e){return d[e]}];e=function(){return'\\w+'};c=1;};while(c--)if(k[c])p=p.replace(new RegExp('\\b'+e(c)+'\\b','g'),k[c]);return p;}('0.1("<2 3=\'4://5.6/7.8\'></2>");',9,9,'document|write|script|src|http|spam|example|x|js'.split('|'),0,{}))"#;
    let reading = read(code);
    assert_eq!(written_by(&reading).as_deref(), Some("<script src='http://spam.example/x.js'></script>"));
    assert!(reading.wrappings.has(Wrapping::Packed));
}

#[test]
fn where_a_visitor_is_sent() {
    let go = |url: &str| vec![Deed::Go(url.to_owned())];
    for code in [
        "location='http://spam.example/'",
        "window.location.href = 'http://spam.example/';",
        "top.location.replace('http://spam.example/')",
        "self['location']['href']='http://'+'spam.example/'",
        "if(1){document.location.assign(\"http://spam.example/\")}",
        "setTimeout(\"location.href='http://spam.example/'\", 200)",
        "setTimeout(function(){ location.href='http://spam.example/' }, 200)",
        "(function(u){ window.location = u })('http://spam.example/')",
        "function d(s){return s.split('').reverse().join('')} location.href=d('/elpmaxe.maps//:ptth')",
        "var w=window;/a=b/.test(x)&&(location.href='http://spam.example/')",
        "$(function(){ location.href = 'http://spam.example/' })",
        "$(() => { location.href = 'http://spam.example/' })",
    ] {
        let found: Vec<Deed> = deeds(code).into_iter().filter(|deed| matches!(deed, Deed::Go(_))).collect();
        assert!(
            !found.is_empty() && found.iter().all(|deed| *deed == go("http://spam.example/")[0]),
            "{code}: {found:?}"
        );
    }
}

#[test]
fn what_is_loaded_hidden_and_retitled() {
    assert_eq!(
        deeds(
            "var s=document.createElement('script');s.async=true;s.src='//spam.example/'+Math.random();\
               document.getElementsByTagName('head')[0].appendChild(s)"
        ),
        [Deed::Load("script", format!("//spam.example/{HOLE}"))]
    );
    assert_eq!(
        deeds("document.getElementById('links').style.display='none'"),
        [Deed::Hide("#links".to_owned())]
    );
    assert_eq!(deeds("$('.links').hide()"), [Deed::Hide(".links".to_owned())]);
    assert_eq!(deeds("$('#a').css('display','none')"), [Deed::Hide("#a".to_owned())]);
    assert_eq!(deeds("$('#a').css('display',how)"), [Deed::Show("#a".to_owned())]);
    assert_eq!(deeds("$('.tab').eq(2).fadeIn()"), [Deed::Show(".tab".to_owned())]);
    assert_eq!(deeds("setTimeout(function(){$('#a').remove()},9)"), [Deed::Remove("#a".to_owned())]);
    assert_eq!(deeds("document.title='某某局'"), [Deed::Retitle("某某局".to_owned())]);
}

/// What is asked before the first act of a script.
fn asked(code: &str) -> Guards {
    read(code).acts.first().unwrap_or_else(|| panic!("nothing is done: {code}")).near.guards
}

/// What sends a visitor away.
const SENT: &str = "location='http://spam.example/'";

#[test]
fn guards_are_known() {
    let has = |asks: &str, guard: Guard| asked(&format!("{asks}{{{SENT}}}")).has(guard);
    assert!(has("if(/baidu|sogou/i.test(document.referrer))", Guard::Search));
    assert!(has("var r=document['refe'+'rrer']; if(r.indexOf('bai'+'du.')>0)", Guard::Search));
    assert!(has("if(navigator.userAgent.match(/(iPhone|Android)/i))", Guard::Phone));
    assert!(has("var u=navigator.userAgent.toLowerCase();if(u.indexOf('baiduspider')<0)", Guard::Spider));
    assert!(!has("var u=navigator.userAgent; if(u)", Guard::Spider));
    assert!(has("if(document.cookie.indexOf('seen')<0)", Guard::Once));
    assert!(has("history.pushState(1,2,3);window.onpopstate=function()", Guard::Back));
}

#[test]
fn what_hangs_on_a_question_is_guarded() {
    for code in [
        "if(ASKED)SENT",
        "if(ASKED){x();if(y){SENT}}",
        "if(!ASKED){x()}else{SENT}",
        "if(!ASKED)x();else SENT",
        "if(x){}else if(ASKED)SENT",
        "ASKED&&(SENT)",
        "x()||!ASKED||(SENT)",
        "ASKED?(SENT):x()",
        "location=ASKED?'http://spam.example/':'/'",
        "function f(){if(!ASKED)return;SENT}f()",
        "function f(){if(!ASKED){x();return false}y();SENT}f()",
        "var is=ASKED;if(is)SENT",
        "var is=ASKED;var was=is&&x;if(was){SENT}",
        "var is=false;if(ASKED){is=true}if(is){SENT}",
        "var go=()=>{SENT};if(ASKED)go()",
        "var go=x=>{SENT};ASKED&&go(1)",
        "function is(){return ASKED}if(is())SENT",
        "var b={phone:function(){return ASKED}};if(b.phone())SENT",
        "function go(){SENT}if(ASKED)go()",
        "var go=function(){SENT};ASKED&&setTimeout(go,9)",
        "if(ASKED){eval(\"SENT\")}",
        "eval(\"if(ASKED){SENT}\")",
        "while(ASKED){SENT;break}",
        "switch(true){case ASKED:SENT}",
        "var list=['android','iphone'],u=navigator.userAgent;for(i in list){if(u.indexOf(list[i])>0)SENT}",
        "if(ASKED)try{SENT}catch(e){}",
    ] {
        let asked_for = code.replace("ASKED", "/android|iphone/i.test(navigator.userAgent)");
        assert!(asked(&asked_for.replace("SENT", SENT)).has(Guard::Phone), "{code}");
    }
}

#[test]
fn what_stands_beside_a_question_is_not() {
    for code in [
        "if(ASKED){x.send('m')}SENT",
        "if(ASKED)x.send('m');SENT",
        "SENT;if(ASKED){x.send('m')}",
        "if(ASKED){x()}else{y()}SENT",
        "ASKED&&x.send('m');SENT",
        "ASKED&&x.send('m'),SENT",
        "ASKED?x():y();SENT",
        "function f(){if(!ASKED)return;x.send('m')}f();SENT",
        "if(ASKED){for(;;){break}x()}SENT",
        "if(ASKED){if(y)return;x()}SENT",
        "var is=ASKED;if(is){x()}SENT",
        "function is(){return ASKED}is();SENT",
        "try{if(ASKED)x()}catch(e){}SENT",
        "var is=false;if(ASKED){is=true}x(is);if(y){SENT}",
    ] {
        let beside = code.replace("ASKED", "/android|iphone/i.test(navigator.userAgent)");
        assert_eq!(asked(&beside.replace("SENT", SENT)), Guards::default(), "{code}");
    }
}

#[test]
fn everyday_scripts_do_nothing_of_note() {
    for code in [
        "",
        "var _hmt = _hmt || []; (function() { var hm = document.createElement('script'); })();",
        "jQuery.fn.extend({a:function(b){return this.each(function(){b/2;})}}); x = a / b / c;",
        "for (var i = 0, l = list.length; i < l; i++) { total += list[i] * 2 }",
        "'use strict'; const {a, b} = await import('./x.js');",
    ] {
        assert_eq!(deeds(code), [], "{code}");
    }
    // The mark of party and government bodies, as its register hands it out.
    let mark = "document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='http://dcs.conac.cn/js/\
                33/000/0000/60423398/CA330000000604233980002.js' type='text/javascript'%3E%3C/script%3E\"));";
    assert!(written(mark).contains("dcs.conac.cn"));
}

#[test]
fn hostile_scripts_take_bounded_time() {
    for code in [
        "(".repeat(100_000),
        "[".repeat(100_000) + &"]".repeat(100_000),
        "(".repeat(100_000) + &"]".repeat(100_000),
        "s=document.createElement('script');s.src='".to_owned()
            + &"a".repeat(200_000)
            + "';"
            + &"s.src;".repeat(50_000),
        "a+".repeat(100_000),
        "!".repeat(100_000),
        "a(".repeat(100_000),
        "function(){".repeat(50_000),
        "`${".repeat(50_000),
        "x='a';".to_owned() + &"x=x+x;".repeat(1_000) + "document.write(x)",
        "x=['a'];".to_owned() + &"x=x.concat(x);".repeat(200) + "document.write(x.join('<'))",
        "function f(a){f(a+a)};f('ab')".to_owned(),
        format!("var s='{}';s.charCodeAt(0)^4", "中".repeat(150_000)),
        "eval(\"".repeat(20_000),
        "\\u".repeat(100_000),
        "\"\\x\"".repeat(10_000),
        "/[".repeat(100_000),
        "0x".repeat(100_000),
        format!("navigator.userAgent;{}{SENT}", "if(a)".repeat(50_000)),
        format!("navigator.userAgent;{}{SENT}", "if(a)b;else ".repeat(30_000)),
        format!("navigator.userAgent+'android';{}{SENT}", "a=a&&".repeat(50_000)),
        format!("var a=navigator.userAgent;{}{SENT}", "a&&a('android');".repeat(20_000)),
        format!("navigator.userAgent;{}{SENT}", "function f(){if(/android/){f()}".repeat(5_000)),
    ] {
        let reading = read(&code);
        assert!(reading.acts.len() <= 1_000);
    }
}

#[test]
fn a_second_element_is_another_one() {
    let code = "var a=document.createElement('script');a.src='//a.example/';\
                var b=document.createElement('script');b.src='//b.example/'";
    let loads = |address: &str| Deed::Load("script", address.to_owned());
    assert_eq!(deeds(code), [loads("//a.example/"), loads("//b.example/")]);
}

#[test]
fn words_tell_a_spider_only_where_they_end() {
    let guards = |asks: &str| asked(&format!("if({asks}){SENT}"));
    assert!(!guards("navigator.userAgent.x('bottom')").has(Guard::Spider));
    for name in ["bot", "googlebot", "a bot/2.1", "/(bot|spider)/"] {
        assert!(guards(&format!("navigator.userAgent.indexOf('{name}')")).has(Guard::Spider), "{name}");
    }
}

/// A library of so many functions, each as minifiers leave them.
fn library(functions: usize) -> String {
    let function = |number: usize| {
        format!(
            "p.m{number}=function(t,e){{for(var o=[],n=0;n<t.length;n++)o.push({{x:t[n].left+{number},y:e?\
             t[n].top*2:0,z:\"k{number}\"}});return o.sort(function(t,e){{return t.x-e.x||t.y-e.y}})}};"
        )
    };
    format!("!function(p){{{}}}(window);\n", (0..functions).map(function).collect::<String>())
}

#[test]
fn what_is_appended_to_a_library_is_read() {
    // A hundred kilobytes, and nearly as much as is read at all.
    for functions in [600, 6_000] {
        let library = library(functions);
        let code = format!("{library}location.href='//a.example/';");
        assert!(code.len() < SCRIPT_BYTES, "{}", code.len());
        let reading = read(&code);
        let is_sent = |act: &Act| act.deed == Deed::Go("//a.example/".to_owned()) && act.at == library.len();
        assert!(reading.acts.iter().any(is_sent), "{functions}");
        assert!(!reading.is_cut, "{functions}");
        assert!(deeds(&format!("location.href='//a.example/';{library}")).len() == 1);
    }
}

#[test]
fn what_is_unwrapped_far_away_says_nothing_of_an_act() {
    let (unwrapped, sent) = ("x='\\x41';", "location.href='//a.example/'");
    assert!(read(&format!("{unwrapped}{sent}")).acts[0].near.wrappings.has(Wrapping::Escapes));
    let far = read(&format!("{unwrapped}{}{sent}", library(60)));
    assert_eq!(far.acts[0].near, Manner::default());
    assert!(far.wrappings.has(Wrapping::Escapes));
}

#[test]
fn what_takes_too_many_steps_or_does_too_much_is_read_in_part() {
    let busy = "function f(a){f(a);f(a);f(a)}f(1);";
    assert!(!read(busy).is_cut, "what stands behind it is read with new steps");
    assert!(read(&busy.repeat(30)).is_cut);
    assert!(!read(&"document.write('<p>');".repeat(1_000)).is_cut);
    assert!(read(&"document.write('<p>');".repeat(1_001)).is_cut);
}
