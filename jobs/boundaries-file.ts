/**
 * A boundary file, as GeoJSON: which areas it draws, and which of them share a border. Two areas are neighbours when a
 * stretch of their outlines is the same, point for point; to meet in one point is not enough. Publishers simplify
 * boundaries so that neighbours keep the same line, and a file in which hardly any do was made otherwise: refused.
 */
import { readFile } from 'node:fs/promises';
import type { GeometryCollection as Drawn, MultiPolygon, Polygon } from 'geojson';
import { neighbors } from 'topojson-client';
import { topology } from 'topojson-server';
import type { GeometryCollection } from 'topojson-specification';
import type { CsvRecord } from './csv-reader.js';
import type { FetchedFile } from './kept-files.js';
import { wrongDocument } from './locate.js';
import { sourceFault } from './source-fault.js';

const HEADER = ['edition', 'area_code', 'area_name', 'neighbour_codes'];
/** Islands have no neighbours; a file in which fewer areas than this have any does not share its borders. */
const SMALLEST_SHARE_WITH_NEIGHBOURS = 0.5;

export interface AreaProperties {
  /** Names of the properties that hold an area's GSS code and name: they change with the year. */
  code: string;
  name: string;
}

interface Feature {
  properties: Record<string, unknown> | null;
  geometry: { type: string } | null;
}

export async function* readBoundariesFile(
  { path, url }: FetchedFile,
  edition: string,
  names: AreaProperties,
): AsyncGenerator<CsvRecord[]> {
  const areas = featuresOf(await readFile(path, 'utf8'), url).map((feature, at) => ({
    line: at + 1,
    ...areaOf(feature, at, names),
  }));
  const neighboursOf = bordersOf(areas.map(({ geometry }) => geometry));
  const withNeighbours = neighboursOf.filter((found) => found.length > 0).length;
  if (withNeighbours < areas.length * SMALLEST_SHARE_WITH_NEIGHBOURS) {
    throw sourceFault(
      `only ${withNeighbours} of ${areas.length} areas in ${url} share a line with another: the file does not keep borders together`,
    );
  }
  yield [{ line: 0, fields: HEADER }];
  yield areas.map(({ line, code, name }, at) => ({
    line,
    fields: [
      edition,
      code,
      name,
      neighboursOf[at]!.map((other) => areas[other]!.code)
        .sort()
        .join(' '),
    ],
  }));
}

/** For each area, the positions of those that share a border with it. */
export function bordersOf(areas: (Polygon | MultiPolygon)[]): number[][] {
  const collection: Drawn = { type: 'GeometryCollection', geometries: areas };
  const { objects } = topology({ areas: collection });
  const found = neighbors((objects.areas as GeometryCollection).geometries);
  // An area of several parts that touch would be its own neighbour.
  return found.map((others, at) => others.filter((other) => other !== at));
}

function featuresOf(text: string, url: string): Feature[] {
  let document: { type?: unknown; features?: unknown };
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw sourceFault(
      `${url} answered with ${wrongDocument(text.slice(0, 1024)) ?? 'text'} that is not GeoJSON, or was cut short`,
    );
  }
  if (document?.type !== 'FeatureCollection' || !Array.isArray(document.features)) {
    throw sourceFault(`${url} is JSON, but not a GeoJSON FeatureCollection`);
  }
  if (document.features.length === 0) throw sourceFault(`${url} draws no area`);
  return document.features as Feature[];
}

function areaOf({ properties, geometry }: Feature, at: number, names: AreaProperties) {
  const [code, name] = [names.code, names.name].map((property) => {
    const value = properties?.[property];
    if (typeof value !== 'string' || value.trim() === '') {
      throw sourceFault(
        `feature ${at + 1} has no ${property}; its properties are ${Object.keys(properties ?? {}).join(', ')}`,
      );
    }
    return value.trim();
  }) as [string, string];
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') {
    throw sourceFault(
      `feature ${at + 1} (${name}) is a ${geometry?.type ?? 'feature without geometry'}, not an area`,
    );
  }
  return { code, name, geometry: geometry as Polygon | MultiPolygon };
}
