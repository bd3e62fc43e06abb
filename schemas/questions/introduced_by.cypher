// title: The papers that introduce a name
// example: which papers introduce LIBERO?
// x: system resource task metric robot
// wording: (?:who|what|WHICH (?:PAPERS|SYSTEMS)) (?:first )?INTRODUCE X
// wording: (?:where|when|by whom|by WHICH PAPERS|in WHICH PAPERS) (?:IS|DOES) X (?:first )?INTRODUCE
// wording: PAPERS(?: THAT| of| for| behind)?(?: INTRODUCE)? X
// wording: (?:origin|source) of X
// wording: where DOES X come from originally
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (source)-[r:INTRODUCES]->(member)
WHERE r.paper IS NOT NULL
MATCH (thing:Paper {id: r.paper})
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR thing.year >= $year_from) AND ($year_to IS NULL OR thing.year <= $year_to)
WITH thing, r,
     chain + '<-[:' + type(r) + ']-(' + coalesce(source.name, source.title) + ')' AS via
WITH thing, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN coalesce(thing.name, thing.title) AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, via
ORDER BY size(papers) DESC, name
