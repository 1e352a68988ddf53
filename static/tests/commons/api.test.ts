// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError, csrfToken, request } from "../../src/commons/api";
import { number, record } from "../../src/commons/parse";

const answer = (status: number, body: string): typeof fetch => () => Promise.resolve(new Response(body, { status }));
const supports = (value: unknown): number => number(record(value)["supports"], "supports");

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error("no ApiError was thrown");
}

beforeEach(() => {
  document.documentElement.lang = "ko";
  document.body.innerHTML = '<form><input name="csrfmiddlewaretoken" value="from-a-form"></form>';
});

describe("a request", () => {
  it("answers what was parsed", async () => {
    expect(await request("/x/", supports, { send: answer(200, '{"supports": 3}') })).toBe(3);
  });

  it("carries the token, JSON and the session when it changes something", async () => {
    const send = vi.fn<typeof fetch>(answer(200, '{"supports": 1}'));
    await request("/x/", supports, { method: "PUT", body: { a: 1 }, send });
    expect(send).toHaveBeenCalledWith("/x/", {
      method: "PUT",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": "from-a-form" },
      credentials: "same-origin",
      body: '{"a":1}',
    });
  });

  it("throws the server's refusal with its code and fields", async () => {
    const told = '{"code": "invalid", "message": "제목을 써 주세요.", "fields": {"title": ["필수 항목입니다."]}}';
    const error = await failure(request("/x/", supports, { send: answer(400, told) }));
    expect([error.code, error.status, error.message]).toEqual(["invalid", 400, "제목을 써 주세요."]);
    expect(error.fields).toEqual({ title: ["필수 항목입니다."] });
  });

  it("speaks for a server whose answer is no JSON", async () => {
    const error = await failure(request("/x/", supports, { send: answer(502, "<html>") }));
    expect([error.code, error.status]).toEqual(["unknown", 502]);
    expect(error.message).toMatch(/[가-힣]/);
  });

  it("refuses an answer of another shape", async () => {
    expect((await failure(request("/x/", supports, { send: answer(200, '{"supports": "3"}') }))).code).toBe("unreadable");
  });

  it("says that there is no connection", async () => {
    const cut: typeof fetch = () => Promise.reject(new TypeError("failed to fetch"));
    expect((await failure(request("/x/", supports, { send: cut }))).code).toBe("network");
  });

  it("leaves an abort an abort", async () => {
    const controller = new AbortController();
    controller.abort();
    const send: typeof fetch = () => Promise.reject(new DOMException("aborted", "AbortError"));
    await expect(request("/x/", supports, { send, signal: controller.signal })).rejects.toThrow("aborted");
  });
});

describe("the CSRF token", () => {
  it("is read from its cookie before any form", () => {
    document.cookie = "csrftoken=from-the-cookie";
    expect(csrfToken()).toBe("from-the-cookie");
  });
});
