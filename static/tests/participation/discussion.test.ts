// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "../../src/commons/api";
import type { Draft } from "../../src/participation/comments/compose";
import { Discussion } from "../../src/participation/comments/discussion";
import { parseComment, type Comment } from "../../src/participation/comments/messages";

const NO_ID = "00000000-0000-0000-0000-000000000000";
const BLANK = `<li class="thread" data-thread="0"><article class="comment" id="comment-0" data-comment="${NO_ID}" data-number="0" tabindex="-1">
  <p data-slot="withdrawn">거둔 의견</p><p data-slot="hidden">가려진 의견</p>
  <header data-slot="head"><strong data-slot="author"></strong><span data-slot="role"></span><span data-slot="mine">내 의견</span>
    <a href="/c/${NO_ID}/#comment-0" data-slot="link"><time data-slot="time"></time></a><span data-slot="edited">수정됨</span></header>
  <p data-slot="answers"><i></i><span></span></p><p data-slot="text"></p><div data-slot="scene"><span data-slot="words"></span><a data-slot="in-city"></a><a data-slot="on-map"></a></div>
  <p data-slot="acts"><a href="/c/${NO_ID}/#write" data-reply>답글 쓰기</a><a href="/c/${NO_ID}/edit/" data-slot="edit">고치기</a><a href="/report/${NO_ID}/" data-slot="report">신고</a></p>
</article></li>`;

const form = `<form method="post" action="/send/" data-comment-form><input type="hidden" name="key" value="k">
  <label for="comment-text">의견 쓰기</label><textarea name="text" id="comment-text"></textarea><input name="scene"><button type="submit"><i></i>올리기</button></form>`;

function page(threads: string, attributes = 'data-order="new" data-first data-last'): string {
  return `<section data-comments data-api="/api/" ${attributes}><span data-comments-count>1</span>${form}
    <div data-comments-new hidden><button type="button"><span></span></button></div>
    <ol data-comments-list>${threads}</ol><p data-comments-none hidden></p><template data-thread-blank>${BLANK}</template></section>`;
}

const thread = (number: number, replies = "", more = ""): string =>
  `<li class="thread" data-thread="${number}"><article data-comment="id-${number}" data-number="${number}"><strong data-slot="author">이웃</strong>
   <time data-slot="time">어제</time><p data-slot="text">말 ${number}</p><a href="/t/" data-reply>답글 쓰기</a></article><ol data-replies>${replies}</ol>${more}</li>`;

const told = (number: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: `11111111-1111-1111-1111-00000000000${number}`,
  number,
  thread: number,
  answers: null,
  author: { ko: "골목 산책", en: "Alley walk" },
  role: null,
  state: "shown",
  text: `말 ${number}`,
  scene: null,
  revision: 1,
  written_at: "2026-11-24T12:00:00Z",
  edited_at: null,
  replies: 0,
  url: `/c/${number}/#comment-${number}`,
  ...more,
});

let discussion: Discussion;
let sent: Draft[];
let answer: () => Promise<Comment>;
let bottom: number;

function open(html: string): void {
  document.body.innerHTML = `${html}<div id="announcer"></div><div id="toasts"></div>`;
  const root = the("[data-comments]");
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(() => ({ top: bottom - 100, bottom }) as DOMRect);
  discussion = new Discussion(root, (draft) => {
    sent.push(draft);
    return answer();
  });
}

function the(selector: string): HTMLElement {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
}

const numbers = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>("[data-comments-list] [data-number]")].map((one) => one.dataset["number"]);

function hear(kind: string, comment: Record<string, unknown>, count = 2, replies = 0): void {
  discussion.apply({ seq: 1, kind: `comment.${kind}`, payload: { comment, count, thread_replies: replies } });
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

beforeEach(() => {
  document.documentElement.lang = "ko";
  sent = [];
  bottom = 100; // within the window
});

afterEach(() => {
  discussion.dispose();
});

describe("a comment that arrives", () => {
  it("waits behind a button while somebody looks at the list, and is shown when asked for", () => {
    open(page(thread(1)));
    hear("added", told(2));
    expect(numbers()).toEqual(["1"]);
    expect(the("[data-comments-new]").hidden).toBe(false);
    expect(the("[data-comments-new]").textContent).toContain("새 의견 1개 보기");
    expect(the("[data-comments-count]").textContent).toBe("2");
    the("[data-comments-new] button").click();
    expect(numbers()).toEqual(["2", "1"]);
    expect(the("[data-comments-new]").hidden).toBe(true);
    expect(document.activeElement?.id).toBe("comment-2");
  });

  it("stands at once where it moves nothing", () => {
    bottom = 5000;
    open(page(thread(1)));
    hear("added", told(2));
    expect(numbers()).toEqual(["2", "1"]);
    expect(the("[data-comments-new]").hidden).toBe(true);
  });

  it("is filled as text, with addresses of its own and without what it has not", () => {
    open(page(""));
    hear("added", told(2, { text: "<img src=x onerror=alert(1)>" }));
    const article = the("#comment-2");
    expect(article.querySelector("img")).toBeNull();
    expect(article.textContent).toContain("<img src=x");
    expect(article.innerHTML).not.toContain(NO_ID);
    expect([...article.querySelectorAll("[data-slot]")].map((slot) => slot.getAttribute("data-slot"))).toEqual([
      "head", "author", "link", "time", "text", "acts", "report",
    ]);
  });

  it("is only counted where its place is on another page", () => {
    open(page(thread(1), 'data-order="new"'));
    hear("added", told(2));
    expect(the("[data-comments-count]").textContent).toBe("2");
    expect(the("[data-comments-new]").hidden).toBe(true);
  });

  it("joins its thread when it answers, or counts where not all answers are shown", () => {
    bottom = 5000;
    const more = '<p data-more-replies><a href="/t/">답글 5개 모두 보기</a></p>';
    open(page(thread(3, "", more) + thread(1)));
    hear("added", told(4, { thread: 1, answers: { author: { ko: "이웃" } } }), 4, 1);
    expect(numbers()).toEqual(["3", "1", "4"]);
    expect(the("#comment-4").textContent).toContain("이웃님에게");
    hear("added", told(5, { thread: 3, answers: { author: { ko: "이웃" } } }), 5, 6);
    expect(numbers()).toEqual(["3", "1", "4"]);
    expect(the("[data-more-replies]").textContent).toContain("답글 6개 모두 보기");
  });
});

describe("a comment that is there", () => {
  it("changes in its place and keeps its time", () => {
    open(page(thread(1)));
    hear("changed", told(1, { text: "고친 말", edited_at: "2026-11-24T12:05:00Z" }), 1);
    expect(the("#comment-1").textContent).toContain("고친 말");
    expect(the("#comment-1").textContent).toContain("수정됨");
    expect(the("#comment-1 time").textContent).toBe("어제");
  });

  it("gives way to a line when it is hidden, and comes back", () => {
    open(page(thread(1)));
    hear("hidden", told(1, { state: "hidden", text: "" }), 0);
    expect(the("#comment-1").textContent).not.toContain("말 1");
    expect(the("#comment-1").textContent).toContain("가려진 의견");
    hear("shown", told(1), 1);
    expect(the("#comment-1").textContent).toContain("말 1");
    expect(the("#comment-1").textContent).not.toContain("가려진 의견");
  });

  it("goes with its thread when nothing is left of it, also while it waits", () => {
    open(page(thread(1)));
    hear("added", told(2));
    discussion.apply({ seq: 2, kind: "comment.removed", payload: { id: "x", number: 2, thread: 2, count: 1, thread_replies: 0 } });
    expect(the("[data-comments-new]").hidden).toBe(true);
    discussion.apply({ seq: 3, kind: "comment.removed", payload: { id: "x", number: 1, thread: 1, count: 0, thread_replies: 0 } });
    expect(numbers()).toEqual([]);
  });
});

describe("writing", () => {
  const write = (root: HTMLElement, text: string): void => {
    const field = root.querySelector("textarea");
    if (field) field.value = text;
    root.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  };

  it("sends once, shows it as one's own, and empties the form", async () => {
    open(page(thread(1)));
    answer = () => Promise.resolve(parseComment(told(2)));
    write(the("[data-comments]"), "제 생각은요");
    await settled();
    expect(sent.map(({ text, answers }) => [text, answers])).toEqual([["제 생각은요", ""]]);
    expect(numbers()).toEqual(["2", "1"]);
    expect(the("#comment-2").dataset["mine"]).toBe("");
    expect(the("#comment-2").querySelector('[data-slot="edit"]')).not.toBeNull();
    expect((the("#comment-text") as HTMLTextAreaElement).value).toBe("");
    expect((the("[name=key]") as HTMLInputElement).value).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("keeps what was typed, and its key, when it is refused", async () => {
    open(page(thread(1)));
    answer = () => Promise.reject(new ApiError("too_many", 429, "잠시 뒤에 다시 써 주세요."));
    write(the("[data-comments]"), "또 제 생각은요");
    await settled();
    expect((the("#comment-text") as HTMLTextAreaElement).value).toBe("또 제 생각은요");
    expect((the("[name=key]") as HTMLInputElement).value).toBe("k");
    expect(the("[role=alert]").textContent).toContain("잠시 뒤에");
    expect(numbers()).toEqual(["1"]);
  });

  it("answers in a form under the comment, which stays through what happens meanwhile", async () => {
    open(page(thread(1)));
    the("[data-reply]").click();
    const reply = the("form[data-answers='id-1']");
    const field = reply.querySelector("textarea");
    expect(document.activeElement).toBe(field);
    expect(field?.id).not.toBe("comment-text");
    if (field) field.value = "쓰다 만 답글";
    hear("changed", told(1, { text: "고친 말" }));
    expect(the("form[data-answers='id-1'] textarea")).toBe(field);
    expect(field?.value).toBe("쓰다 만 답글");
    answer = () => Promise.resolve(parseComment(told(2, { thread: 1, answers: { author: { ko: "이웃" } } })));
    reply.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settled();
    expect(sent[0]?.answers).toBe("id-1");
    expect(document.querySelector("form[data-answers]")).toBeNull();
    expect(numbers()).toEqual(["1", "2"]);
    expect(document.activeElement?.id).toBe("comment-2");
  });

  it("leads to the page of the comment where nobody may write here", () => {
    open(page(thread(1)).replace(form, ""));
    const click = new MouseEvent("click", { bubbles: true, cancelable: true });
    the("[data-reply]").dispatchEvent(click);
    expect(click.defaultPrevented).toBe(false);
  });
});
