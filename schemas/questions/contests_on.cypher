// title: Who beats whom on a benchmark
// example: who beats whom on LIBERO?
// x: resource
// wording: (?:who|what) BEAT (?:whom?|what)(?: else)? (?:on|in|at) X
// wording: (?:what|who|WHICH SYSTEMS) (?:BEAT|wins?|leads?|IS (?:the )?(?:best|ahead|leading|winning|top|strongest))(?: what| others| baselines)? (?:on|in|at) X
// wording: (?:comparisons?|contests?) on X
UNWIND $ids AS id
MATCH (x:Entity {id: id})<-[u:USES {role: 'evaluation'}]-()
WITH DISTINCT x, u.paper AS stated
MATCH (p:Paper {id: stated})-[:MENTIONS*0..1]->(winner)-[r:OUTPERFORMS]->(thing)
WHERE r.paper = p.id AND r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
WITH coalesce(winner.name, winner.title) AS winner, thing, r,
     ANY(name IN [x.name] + coalesce(x.aliases, []) WHERE r.sentence CONTAINS name) AS named, x
WITH winner, thing, r, named,
     '(' + winner + ')-[:OUTPERFORMS]->(' + thing.name + ')'
     + CASE WHEN named THEN ' on (' ELSE ' in a paper that evaluates on (' END + x.name + ')' AS via
WITH winner, thing, max(CASE WHEN named THEN 1 ELSE 0 END) AS named, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN winner + ' beats ' + thing.name AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, via
ORDER BY named DESC, size(papers) DESC, name
