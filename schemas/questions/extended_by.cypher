// title: What extends a name
// example: what extends OpenVLA?
// x: system resource robot
// wording: (?:who|what|WHICH (?:SYSTEMS|PAPERS))(?: all| else)? (?:IS )?EXTEND X
// wording: (?:who|what|WHICH (?:SYSTEMS|PAPERS)) IS (?:built|based) (?:on|upon) X
// wording: (?:by (?:whom|what)|who|what) IS X extended(?: by)?
// wording: (?:extensions|variants|successors|versions|derivatives) of X
// wording: (?:what|WHICH) (?:extensions|variants|successors|versions|derivatives) (?:DOES|of|IS)(?: there (?:of|for|to))? X(?: have)?
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (thing)-[r:EXTENDS]->(member)
WHERE thing.id <> x.id
  AND r.paper IS NOT NULL
MATCH (p:Paper {id: r.paper})
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
WITH thing, r,
     chain + '<-[:' + type(r) + ']-(' + coalesce(thing.name, thing.title) + ')' AS via
WITH thing, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN coalesce(thing.name, thing.title) AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, via
ORDER BY size(papers) DESC, name
