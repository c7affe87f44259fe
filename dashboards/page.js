// What Streamlit leaves to the browser: the language of the page, light or dark, and its own English words.
// It stands in every page that serve.py sends, before Streamlit's script, and asks nothing of any server.
(() => {
  const KEPT = "liangxin-look";
  const LOOKS = { system: "System", light: "Light", dark: "Dark" };
  const look = () => {
    try { return localStorage.getItem(KEPT) in LOOKS ? localStorage.getItem(KEPT) : "system"; } catch { return "system"; }
  };
  // Streamlit keeps its theme for each address apart; here it is one choice for all of them.
  try { localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(LOOKS[look()])); } catch { /* as the system is set */ }

  const ZH = {
    "Skip to main content": "跳到正文",
    "App pages": "页面",
    "Sidebar": "侧栏",
    "Collapse sidebar": "收起侧栏",
    "Expand sidebar": "展开侧栏",
    "Navigate to home page": "回到首页",
    "Main menu": "菜单",
    "Notifications": "通知",
    "Close": "关闭",
    "Clear value": "清除",
    "Open": "展开",
    "Running...": "正在更新",
    "Selectbox options": "可选项",
    "Connecting": "正在连接",
    "Error": "出错",
    "Try again": "重试",
    "Don't show again": "不再提示",
    "Connection error": "连接中断",
    "Connecting to Streamlit server": "正在连接服务器",
    "Unable to connect to Streamlit server": "连接不上服务器",
    "Connection timed out.": "连接超时，请稍后再试。",
    "Streamlit server is not responding. Are you connected to the internet?": "服务器没有响应。请检查本机网络，或者请管理员确认看板程序正在运行。",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "看板程序可能已经停止，请管理员重新启动：",
    "streamlit run yourscript.py": "liangxin dashboard",
    "Page not found": "没有这个页面",
    "The page that you have requested does not seem to exist. Running the app's main page.": "您要打开的页面不存在，已转到总览。",
    "Failed to generate file for download": "文件没有生成，请重试；仍不成功请告诉管理员。",
    "Show password": "显示密码",
    "Hide password": "隐藏密码",
  };
  // The same server says these in either language; English readers need them without the name of the tool.
  const EN = {
    "Connecting to Streamlit server": "Connecting to the server",
    "Unable to connect to Streamlit server": "The server can't be reached",
    "Streamlit server is not responding. Are you connected to the internet?": "The server does not answer. Check this machine's network, or ask the administrator whether the dashboards are running.",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "The dashboards may have been stopped; the administrator can start them again:",
    "streamlit run yourscript.py": "liangxin dashboard",
    "Failed to generate file for download": "The file was not made. Try again, or tell the administrator.",
  };
  const LABELS = ["aria-label", "title"];
  const words = () => (document.documentElement.lang.startsWith("zh") ? ZH : EN);
  // Only what stands outside the pages' own HTML and boxes is Streamlit's: a unit that is named "Open" keeps its name.
  const OURS = "[data-testid=stHtml], [data-testid=stMarkdownContainer], .stPlotlyChart, [role=option], [data-testid=stSidebarNavItems]";

  const translate = (root) => {
    const say = words();
    if (root.nodeType === Node.TEXT_NODE) {
      const text = root.data.trim();
      const counted = say === ZH && /^(\d+) options? available\.$/.exec(text); // to who has the page read aloud
      const said = counted ? `有 ${counted[1]} 个选项。` : say[text];
      if (said && !root.parentElement?.closest(OURS)) root.data = said;
      return;
    }
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(OURS)) return;
    for (const one of [root, ...root.querySelectorAll("[aria-label], [title]")]) {
      for (const name of LABELS) {
        const said = say[one.getAttribute(name)];
        if (said) one.setAttribute(name, said);
      }
      const help = one.getAttribute("aria-label");
      if (say === ZH && help?.startsWith("Help for ")) one.setAttribute("aria-label", `说明：${help.slice(9)}`);
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) translate(walker.currentNode);
  };

  const settle = () => {
    const lang = document.querySelector(".lx-lang")?.lang;
    if (lang && lang !== document.documentElement.lang) {
      document.documentElement.lang = lang;
      translate(document.body);
    }
    for (const one of document.querySelectorAll(".lx-look button:not([data-ready])")) {
      one.dataset.ready = "yes";
      one.setAttribute("aria-pressed", String(one.name === look()));
    }
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.(".lx-look button");
    if (!pressed || !(pressed.name in LOOKS)) return;
    try { localStorage.setItem(KEPT, pressed.name); } catch { return; }
    location.reload(); // what was chosen stands in the address
  });
  // On an A4 sheet with the margins of print.css there are 188 mm: what is wider is printed smaller.
  const SHEET = (188 * 96) / 25.4;
  const LESS = 0.78; // of its width on the screen a table takes on paper, by the smaller letters of print.css
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll(".stPlotlyChart")) {
      const wide = Math.max(0, ...Array.from(one.querySelectorAll(".svg-container"), (drawn) => drawn.offsetWidth));
      one.closest("[data-testid=stElementContainer]")?.style.setProperty("--lx-sheet", String(wide > SHEET ? SHEET / wide : 1));
    }
    for (const one of document.querySelectorAll(".lx-scroll")) {
      const wide = (one.querySelector("table")?.offsetWidth ?? 0) * LESS;
      one.style.setProperty("--lx-sheet", String(wide > SHEET ? SHEET / wide : 1));
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) translate(node);
        if (change.type === "attributes") translate(change.target);
      }
      settle();
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: LABELS });
  });
})();
