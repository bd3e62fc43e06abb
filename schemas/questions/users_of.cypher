// title: Who uses a name or a member of its family
// example: who uses chain-of-thought?
// x: system resource robot
// wording: (?:who|what)(?: all| else)? USE X
// wording: WHICH (?:SYSTEMS|PAPERS) (?:DOES |IS )?(?:USE|using) X
// wording: (?:who|what|WHICH (?:SYSTEMS|PAPERS))(?: IS)? (?:trained|run|runs|running|deployed|based) (?:on|with) X
// wording: (?:by|in) (?:whom|what|WHICH (?:SYSTEMS|PAPERS)) IS X (?:used|employed|adopted|applied)
// wording: where IS X (?:used|employed|adopted|applied)
// wording: (?:SYSTEMS|PAPERS)(?: THAT)? (?:IS )?(?:USE|using) X
// wording: users of X
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (thing)-[r:USES]->(member)
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
