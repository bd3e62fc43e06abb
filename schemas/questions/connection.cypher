// title: How two names are connected
// example: how are Orca and GPT-4 connected?
// x: system resource task metric robot
// y: system resource task metric robot
// wording: how (?:IS|DOES) X (?:and|with|to) Y (?:CONNECTED|relate)(?: to each other| with each other)?
// wording: how (?:IS|DOES) X (?:CONNECTED|relate) (?:to|with) Y
// wording: (?:what|WHICH) (?:IS |DOES )?(?:the )?(?:connections?|relations?|relationships?|paths?|links?)(?: IS there)? between X and Y
// wording: (?:connections?|relations?|relationships?|paths?|links?) between X and Y
// wording: (?:what|how) (?:connects?|links?|DOES) X (?:and|with|to) Y(?: have in common| have to do with each other)?
// wording: what (?:DOES|has) X (?:have )?to do with Y
UNWIND $ids AS id
UNWIND $other_ids AS other
MATCH (x:Entity {id: id}), (thing:Entity {id: other})
WHERE x.id <> thing.id
MATCH route = allShortestPaths((x)-[:USES|IS_A|EXTENDS|OUTPERFORMS|COMPARED_WITH|ADDRESSES|INTRODUCES*..8]-(thing))
WITH x, thing, nodes(route) AS stops, relationships(route) AS steps
WITH thing, steps, reduce(s = '', r IN steps | s + r.id) AS ids,
     reduce(s = '(' + x.name + ')', i IN range(0, size(steps) - 1) | s
       + CASE WHEN startNode(steps[i]).id = stops[i].id THEN '-[:' + type(steps[i]) + ']->('
         ELSE '<-[:' + type(steps[i]) + ']-(' END
       + coalesce(stops[i + 1].name, stops[i + 1].title) + ')') AS via
WITH thing, via, [r IN steps WHERE r.paper IS NOT NULL | r.paper] AS papers,
     [r IN steps WHERE r.paper IS NOT NULL | {paper: r.paper, sentence: r.sentence}] AS evidence, ids
ORDER BY via, ids
WITH thing, collect(via)[0] AS via, collect(papers)[0] AS papers, collect(evidence)[0] AS evidence
RETURN thing.name AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, [via] AS via
ORDER BY name
