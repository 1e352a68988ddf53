/** The city's page: the view, the hands on it, and everything around it, put together and taken apart as one. */

import { announce, toast } from "../commons/announce";
import { Disposer } from "../commons/disposer";
import { find } from "../commons/dom";
import { EventStream } from "../commons/events";
import { language } from "../commons/i18n";
import type { CityApi } from "./api";
import { Choice } from "./choice";
import { CityClock, fromInstant } from "./clock";
import { DesignEditor, type Chosen } from "./designs/editor";
import { LocalFrame } from "./frame";
import type { Ground } from "./heights";
import { say } from "./i18n";
import { Input } from "./input";
import type { Leave } from "./leave";
import { formatLink, parseLocation, type ViewLink } from "./link";
import { LivePins } from "./livepins";
import type { Manifest } from "./manifest";
import { MemoryWatch } from "./memory";
import type { Pin } from "./messages";
import { Boxes } from "./placement";
import type { Ladder } from "./quality";
import { Rig } from "./rig";
import { placeOf, standsBeforeIdea, travel } from "./travel";
import { Card } from "./ui/card";
import { Compare } from "./ui/compare";
import { DrawPanel } from "./ui/draw";
import { Joystick } from "./ui/joystick";
import type { OpenIdeaPart } from "./ui/ideapart";
import { Labels } from "./ui/labels";
import { Navigation } from "./ui/navigation";
import { part } from "./ui/part";
import { PinList } from "./ui/pinlist";
import { Pins } from "./ui/pins";
import { covered, panelsOf } from "./ui/room";
import { Scale } from "./ui/scale";
import { Search } from "./ui/search";
import { SunPanel } from "./ui/sunpanel";
import { CityView } from "./view";
import { Walker } from "./walk";
import { WallIndex } from "./walls";

export interface AppOptions {
  readonly root: HTMLElement;
  readonly api: CityApi;
  readonly manifest: Manifest;
  readonly ground: Ground;
  readonly ladder: Ladder;
  readonly leave: Leave;
  readonly stepped: boolean;
  readonly openIdeaPart: OpenIdeaPart;
}

export class CityApp {
  readonly view: CityView;
  readonly rig: Rig;
  readonly clock: CityClock;
  readonly #disposer = new Disposer();
  readonly #options: AppOptions;
  readonly #frame: LocalFrame;
  readonly #walls = new WallIndex();
  readonly #walker: Walker;
  readonly #boxes = new Boxes();
  readonly #labels: Labels;
  readonly #pins: Pins;
  readonly #live: LivePins;
  readonly #choice: Choice;
  readonly #editor: DesignEditor | null;
  readonly #draw: DrawPanel | null = null;
  readonly #scale: Scale;
  readonly #canvas: HTMLCanvasElement;

  constructor(options: AppOptions) {
    this.#options = options;
    const { root, manifest, ground, ladder, api } = options;
    const own = this.#disposer;
    const link = parseLocation(location.search, location.hash);
    this.#frame = new LocalFrame(manifest.origin);
    const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
    const bounds = manifest.publication?.bounds ?? { min: [-500, -500, 0], max: [500, 500, 100] };
    this.#canvas = part(root, "[data-city-canvas]", HTMLCanvasElement);
    this.rig = own.own(new Rig(ground, bounds, reducedMotion));
    this.clock = own.own(new CityClock(manifest.time_zone, link.time ?? fromInstant(new Date(), manifest.time_zone), reducedMotion));
    own.own(this.#walls);
    this.#walker = new Walker(this.rig, ground, this.#walls);
    this.view = own.own(
      new CityView({
        canvas: this.#canvas,
        root,
        manifest,
        ground,
        rig: this.rig,
        walker: this.#walker,
        walls: this.#walls,
        clock: this.clock,
        ladder,
        stepped: options.stepped,
      }),
    );
    this.#labels = own.own(new Labels(part(root, "[data-city-labels]", HTMLCanvasElement), this.view));
    this.#scale = new Scale(part(root, "[data-city-scale]", HTMLElement), this.view);
    const compare = own.own(
      new Compare(
        part(root, "[data-city-compare]", HTMLElement),
        (share) => {
          this.view.show("swipe", share);
        },
        () => {
          this.#choice.endCompare();
        },
      ),
    );
    const card = own.own(
      new Card(part(root, "[data-city-card]", HTMLElement), () => {
        this.#choice.clear();
      }),
    );
    this.#choice = own.own(
      new Choice({
        api,
        view: this.view,
        rig: this.rig,
        ground,
        walker: this.#walker,
        walls: this.#walls,
        card,
        compare,
        proposeUrl: root.dataset["proposeUrl"] ?? "/proposals/new/",
        ideasUrl: root.dataset["ideasUrl"] ?? "/proposals/",
        link: () => this.link(),
        openIdeaPart: options.openIdeaPart,
        timeZone: manifest.time_zone,
        onChange: () => {
          this.#pins.setCurrent(this.#choice.idea);
          this.#writeLink();
        },
      }),
    );
    const openPin = (pin: Pin): void => {
      this.#choice.openIdea(pin);
    };
    this.#pins = own.own(
      new Pins(part(root, "[data-city-pins]", HTMLElement), this.view, {
        open: openPin,
        approach: (e, n) => {
          this.rig.goTo({ e, n, z: ground.heightAt(e, n), distance_m: Math.max(90, this.rig.pose.distance_m * 0.4) });
          this.view.request();
        },
      }),
    );
    const pinList = own.own(new PinList(part(root, "[data-city-ideas]", HTMLElement), openPin));
    this.#live = own.own(
      new LivePins(api, {
        came: (pin) => {
          announce(say("pins.came", { title: pin.title }));
        },
        went: (pin) => {
          this.#choice.closeIdea(pin);
          announce(say("pins.went", { title: pin.title }));
        },
      }),
    );
    own.add(
      this.#live.pins.subscribe((pins) => {
        this.#pins.set(pins);
        this.#pins.setCurrent(this.#choice.idea);
        pinList.set(pins);
      }),
    );
    pinList.set([]);
    own.own(new SunPanel(part(root, "[data-city-sun]", HTMLElement), this.clock, manifest.origin, this.view.sun));
    this.#editor = find("form[data-city-draw]", HTMLFormElement, root) ? own.own(new DesignEditor()) : null;
    this.#draw = this.#startDrawing();
    this.#hands();
    this.#search();
    this.#watch();
    this.#start(link);
  }

  /** The view as others can open it, without `#`. */
  link(): string {
    const { pose, mode } = this.rig;
    const [lon, lat] = this.#frame.toGeodetic(pose.e, pose.n, pose.z);
    return formatLink({
      lon,
      lat,
      distance_m: pose.distance_m,
      azimuth_deg: pose.azimuth_deg,
      pitch_deg: pose.pitch_deg,
      time: this.clock.time.value,
      ...(this.#choice.object !== null && { object: this.#choice.object }),
      ...(this.#choice.idea !== null && { idea: this.#choice.idea }),
      walking: mode.value === "walk",
    });
  }

  dispose(): void {
    this.#disposer.dispose();
    delete this.#options.root.dataset["state"];
  }

  #startDrawing(): DrawPanel | null {
    const form = find("form[data-city-draw]", HTMLFormElement, this.#options.root);
    const editor = this.#editor;
    if (!form || !editor) return null;
    const { min, max } = this.#options.manifest.publication?.bounds ?? { min: [0, 0, 0], max: [0, 0, 0] };
    const inside = (e: number, n: number): boolean => e >= min[0] && e <= max[0] && n >= min[1] && n <= max[1];
    const show = (): void => {
      this.#choice.showDraft(editor.design, editor.draft.value.building);
    };
    this.#disposer.add(editor.draft.subscribe(show));
    this.#disposer.add(editor.entries.subscribe(show));
    const building = async (id: string): Promise<Chosen | null> => {
      const { kind, name, kindLabel, e, n } = await this.#options.api.card(id);
      return kind === "building" ? { id, name: name || kindLabel, e, n } : null;
    };
    return this.#disposer.own(new DrawPanel({ form, editor, isInside: inside, building }));
  }

  #hands(): void {
    const { root, leave, ladder } = this.#options;
    const own = this.#disposer;
    const request = this.view.request;
    own.own(
      new Input({
        canvas: this.#canvas,
        rig: this.rig,
        walker: this.#walker,
        metresPerPixel: () => this.view.metresPerPixel,
        groundAt: (x, y) => this.view.pick(x, y),
        onChange: request,
        onTap: this.#tap,
        onLeaveWalk: () => {
          this.rig.endWalk();
        },
      }),
    );
    const pad = part(root, "[data-city-joystick]", HTMLElement);
    own.own(new Joystick(pad, part(pad, "[data-city-knob]", HTMLElement), this.#walker, request));
    own.own(
      new Navigation(part(root, "[data-city-buttons]", HTMLElement), {
        rig: this.rig,
        frame: this.#frame,
        bounds: this.#options.manifest.publication?.bounds ?? null,
        ground: this.#options.ground,
        onChange: request,
      }),
    );
    own.add(
      this.rig.mode.subscribe((mode) => {
        root.dataset["mode"] = mode;
        announce(say(mode === "walk" ? "walk.started" : "walk.ended"));
        if (mode === "walk") this.#canvas.focus({ preventScroll: true });
      }),
    );
    own.listen(this.#canvas, "webglcontextlost", (event) => {
      event.preventDefault();
      leave.leave("context_lost");
    });
    own.own(
      new MemoryWatch({
        use: this.view,
        stepDown: () => ladder.stepDown("memory"),
        leave: () => {
          leave.leave("memory");
        },
      }),
    );
    this.view.onFailure(() => {
      if (root.dataset["incomplete"] === "true") return;
      root.dataset["incomplete"] = "true";
      toast(say("city.failed"), "warning");
    });
  }

  readonly #tap = (x: number, y: number): void => {
    const hit = this.view.pick(x, y);
    if (!hit) return;
    if (this.#draw) this.#draw.take(hit);
    else this.#choice.openPlace(hit, false);
  };

  #search(): void {
    const { root, api, ground } = this.#options;
    const form = find("form[role=search]", HTMLFormElement, root);
    const found = find("[data-city-found]", HTMLElement, root);
    if (!form || !found) return;
    this.#disposer.own(
      new Search(form, found, (words, signal) => api.search(words, signal), (result) => {
        if (this.rig.mode.value === "walk") this.rig.endWalk();
        const z = ground.heightAt(result.e, result.n);
        this.rig.goTo({ e: result.e, n: result.n, z, distance_m: Math.min(this.rig.pose.distance_m, 420) });
        if (result.id) this.#choice.openObject(result.id, { e: result.e, n: result.n, z }, true);
        this.view.request();
      }),
    );
  }

  #watch(): void {
    const { root, ladder } = this.#options;
    const own = this.#disposer;
    const observer = new ResizeObserver(this.#resize);
    for (const watched of [root, ...panelsOf(root)]) observer.observe(watched);
    own.add(() => {
      observer.disconnect();
    });
    this.#resize();
    own.add(this.view.frames.subscribe(this.#overlay));
    own.add(
      this.view.settled.subscribe((settled) => {
        const first = root.dataset["state"] === "loading" && settled;
        root.dataset["state"] = settled ? "ready" : root.dataset["state"] === "ready" ? "moving" : (root.dataset["state"] ?? "loading");
        if (settled) this.#rest();
        if (first) announce(say("city.ready"));
      }),
    );
    own.add(
      ladder.quality.subscribe((quality) => {
        root.dataset["quality"] = quality;
        toast(say(`city.lower.${ladder.reason}`), "info");
      }),
    );
    own.listen(window, "hashchange", () => {
      const link = parseLocation("", location.hash);
      if (Object.keys(link).length > 0 && location.hash.slice(1) !== this.link()) this.#follow(link, false);
    });
    root.dataset["state"] = "loading";
    root.dataset["quality"] = ladder.quality.value;
  }

  #start(link: ViewLink): void {
    const { manifest, api } = this.#options;
    const { target, distance_m, azimuth_deg, pitch_deg } = manifest.start;
    this.rig.jumpTo({ e: target[0], n: target[1], z: target[2], distance_m, azimuth_deg, pitch_deg });
    this.#follow(link, true);
    void this.#load(async (signal) => {
      const instances = await api.instances(manifest, signal);
      if (instances && !signal.aborted) this.view.setInstances(instances);
    });
    void this.#load(async (signal) => {
      const labels = await api.labels(manifest, signal);
      this.#labels.set(labels, language());
      this.view.request();
    });
    void this.#load((signal) => this.#followPins(link, signal));
  }

  /** Goes where a link says. */
  #follow(link: ViewLink, atOnce: boolean): void {
    const { ground } = this.#options;
    if (link.time) this.clock.set(link.time);
    const place = placeOf(link, this.#frame, ground);
    travel(this.rig, ground, link, place, atOnce);
    if (link.object) this.#choice.openObject(link.object, place, false);
    this.view.request();
  }

  async #followPins(link: ViewLink, signal: AbortSignal): Promise<void> {
    const stream = await this.#live.start(() => this.#disposer.own(new EventStream()), signal);
    const place = placeOf(link, this.#frame, this.#options.ground);
    const stand = standsBeforeIdea(link, place);
    const idea = link.idea === undefined ? undefined : this.#live.pins.value.find((pin) => pin.id === link.idea);
    if (idea)
      this.#choice.openIdea(idea, {
        stand,
        stay: place !== null,
        compare: link.comparing === true,
      });
    else if (link.idea) this.#choice.openIdeaWithoutPin(link.idea, stand);
    if (stream) this.#choice.setStream(stream);
  }

  /** What is laid over the picture follows it in the same frame. */
  readonly #overlay = (): void => {
    const { ladder } = this.#options;
    this.#boxes.clear();
    this.#pins.place(this.#boxes);
    this.#choice.place();
    const walking = this.rig.mode.value === "walk";
    this.#labels.draw(this.#boxes, ladder.settings.labels, walking ? 110 : this.rig.pose.distance_m, walking ? this.#walls : null);
    this.#options.root.style.setProperty("--north", `${Math.round(-this.rig.pose.azimuth_deg)}deg`);
    this.#scale.show();
  };

  readonly #resize = (): void => {
    const { clientWidth, clientHeight } = this.#options.root;
    const ratio = Math.min(2, window.devicePixelRatio);
    this.#labels.resize(clientWidth, clientHeight, ratio);
    this.view.resize(clientWidth, clientHeight, window.devicePixelRatio);
    const { left, bottom } = covered(this.#options.root);
    this.view.setInsets(left, bottom);
  };

  /** Everything in view is there: the address tells it, and benchmarks can read what it took to draw. */
  #rest(): void {
    const { render } = this.view.rendererInfo;
    this.#options.root.dataset["drawCalls"] = String(render.calls);
    this.#options.root.dataset["triangles"] = String(render.triangles);
    this.#writeLink();
  }

  #writeLink(): void {
    const link = this.link();
    if (location.hash.slice(1) !== link) history.replaceState(history.state, "", `#${link}`);
    for (const way of document.querySelectorAll<HTMLAnchorElement>("[data-ways] a:not([aria-current])")) way.hash = link;
  }

  async #load(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    this.#disposer.add(() => {
      abort.abort();
    });
    try {
      await work(abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) console.error(error);
    }
  }
}
