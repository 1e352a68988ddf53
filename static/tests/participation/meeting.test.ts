// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError, type request } from "../../src/commons/api";
import { Chat } from "../../src/participation/meetings/chat";
import { parseMessage, parsePoll, speakerOf, type Message } from "../../src/participation/meetings/messages";

const NONE = "00000000-0000-0000-0000-000000000000";

function message(number: number, told: Partial<Message> = {}): Message {
  const writtenAt = "2026-12-21T19:00:00+09:00";
  return { id: `m${number}`, number, seat: `s${number}`, name: "홍*동", text: `글 ${number}`, writtenAt, isHidden: false, ...told };
}

function page(): HTMLElement {
  document.documentElement.lang = "ko";
  document.body.innerHTML = `<div id="seat">
    <ol data-chat data-mine="s9" data-report="/report/meeting_message/${NONE}/"></ol><p data-chat-empty></p>
    <form data-chat-form><input name="text"></form></div>`;
  const root = document.getElementById("seat");
  if (!root) throw new Error("no page");
  return root;
}

function texts(root: HTMLElement): (string | null)[] {
  return [...root.querySelectorAll(".message .preserve-lines")].map((row) => row.textContent);
}

describe("the chat of a meeting", () => {
  let root: HTMLElement;
  beforeEach(() => {
    root = page();
  });

  it("shows each message once and in order, however they arrive", () => {
    const chat = new Chat(root, "/messages/");
    for (const number of [2, 1, 3, 2]) chat.show(message(number));
    expect(texts(root)).toEqual(["글 1", "글 2", "글 3"]);
    expect(root.querySelector<HTMLElement>("[data-chat-empty]")?.hidden).toBe(true);
  });

  it("shows what people write as text", () => {
    new Chat(root, "/messages/").show(message(1, { text: "<img src=x>", name: "<b>" }));
    expect(root.querySelector("img, b")).toBeNull();
    expect(texts(root)).toEqual(["<img src=x>"]);
  });

  it("takes a hidden message from others and leaves it to its author", () => {
    const chat = new Chat(root, "/messages/");
    chat.show(message(1));
    chat.show(message(1, { isHidden: true, text: "", name: "" }));
    expect(root.querySelector(".message--hidden")?.textContent).toContain("가려진 글");
    chat.show(message(1, { isHidden: true }));
    expect(texts(root)).toEqual(["글 1"]);
  });

  it("offers to report what others wrote, and nothing of one's own", () => {
    const chat = new Chat(root, "/messages/");
    chat.show(message(1));
    chat.show(message(9));
    const links = [...root.querySelectorAll("a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual(["/report/meeting_message/m1/"]);
  });

  it("keeps what was typed when it is refused, and says why", async () => {
    const send = vi.fn().mockRejectedValue(new ApiError("too_many_attempts", 429, "잠시 뒤 다시 써 주세요."));
    const [form, field] = [root.querySelector("form"), root.querySelector("input")];
    if (!form || !field) throw new Error("no form");
    field.value = "또 씁니다";
    await new Chat(root, "/messages/", send as typeof request).write(form);
    expect(field.value).toBe("또 씁니다");
    expect(form.querySelector("[role=alert]")?.textContent).toContain("잠시 뒤");
  });

  it("empties the field once the message is kept", async () => {
    const send = vi.fn().mockResolvedValue(message(4));
    const [form, field] = [root.querySelector("form"), root.querySelector("input")];
    if (!form || !field) throw new Error("no form");
    field.value = "글 4";
    await new Chat(root, "/messages/", send as typeof request).write(form);
    expect(field.value).toBe("");
    expect(texts(root)).toEqual(["글 4"]);
  });
});

describe("what the server tells of a meeting", () => {
  it("is read only in the agreed shape", () => {
    expect(() => parseMessage({ id: "m", number: "1" })).toThrow();
    expect(parsePoll({ question: "찬성?", result: null })).toEqual({ question: "찬성?", result: null });
    expect(parsePoll({ question: "찬성?", result: { yes: 2, no: 1, abstain: 0, entitled: 4 } }).result?.yes).toBe(2);
    expect(speakerOf({ stage: {} })).toBeNull();
    expect(speakerOf({ floor: { speaker: { id: "w", name: "홍*동" } } })).toEqual({ id: "w", name: "홍*동" });
  });
});
