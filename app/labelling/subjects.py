"""Subjects that libraries and universities are divided by, and words that name no subject alone.

A hypernym list in place of a thesaurus: where papers write such a name themselves, it says to everyone what a
broad topic is. None is ever put into a label that the papers of the topic do not write.
"""

from app.labelling.plain_text import normal_form
from app.labelling.stopwords import GENERIC_WORDS

MATHEMATICS = """
algebra; algebraic geometry; algebraic topology; of variations; category theory; coding theory;
combinatorics; complex analysis; computational geometry; control theory; convex optimization; cryptography;
differential equations; differential geometry; discrete mathematics; dynamical systems; ergodic theory;
finite fields; finite groups; functional analysis; game theory; geometric group theory; geometry; graph
theory; graphs; group theory; groups; harmonic analysis; homological algebra; information theory; integral
equations; knot theory; knots; linear algebra; logic; manifolds; mathematical physics; mathematics;
mathematics education; model theory; modular forms; number theory; numerical analysis; numerical methods;
operations research; operator algebras; operator theory; optimal control; optimization; ordinary
differential equations; partial differential equations; polynomials; prime numbers; probability; probability
theory; proof theory; random matrices; random walks; representation theory; rings; set theory; statistics;
stochastic processes; symplectic geometry; theoretical computer science; topology; uncertainty
quantification
"""

COMPUTING = """
algorithms; artificial intelligence; automata; bioinformatics; blockchain; cloud computing; compilers;
complexity theory; computational complexity; computational linguistics; computer architecture; computer
graphics; computer networks; computer science; computer security; computer vision; cybersecurity; data
mining; data structures; databases; deep learning; dialogue systems; digital libraries; distributed
computing; distributed systems; formal languages; formal verification; hardware; high-performance computing;
human-computer interaction; image processing; information extraction; information retrieval; information
systems; Internet of Things; knowledge graphs; language models; large language models; logic programming;
machine learning; machine translation; mobile computing; mobile networks; model checking; multi-agent
systems; natural language processing; neural networks; object detection; operating systems; parallel
computing; pattern recognition; privacy; programming languages; quantum computing; query processing;
question answering; recommender systems; reinforcement learning; robotics; robots; scheduling; security;
semantic web; sensor networks; signal processing; social media; social networks; software; software
engineering; software testing; speech recognition; summarization; text classification; text mining; virtual
reality; visualization; web search; web services; wireless communications; wireless networks
"""

PHYSICS = """
accelerator physics; acoustics; aerodynamics; astronomy; astrophysics; atomic physics; atoms; black holes;
celestial mechanics; classical mechanics; cold atoms; complex systems; condensed matter; condensed matter
physics; conformal field theory; cosmic rays; cosmology; crystals; dark energy; dark matter; density
functional theory; elasticity; electrodynamics; electromagnetism; electronic structure; elementary
particles; exoplanets; fluid dynamics; fluid mechanics; galaxies; galaxy clusters; gamma-ray bursts; gauge
theory; general relativity; gravitation; gravitational waves; gravity; high energy physics; laser physics;
lasers; lattice QCD; magnetism; many-body physics; metamaterials; molecular dynamics; nanotechnology;
neutrinos; neutron stars; nonlinear dynamics; nonlinear optics; nuclear physics; nuclei; optics; particle
accelerators; particle physics; phase transitions; photonics; physics; physics education; planet formation;
planets; plasma physics; plasmas; polymers; quantum chemistry; quantum chromodynamics; quantum field theory;
quantum gravity; quantum information; quantum mechanics; quantum optics; scattering; semiconductors; soft
matter; solar physics; solids; spectroscopy; spintronics; star formation; stars; statistical mechanics;
statistical physics; string theory; superconductivity; superconductors; supernovae; supersymmetry; surfaces
and interfaces; thermodynamics; thin films; turbulence; ultracold atoms
"""

EARTH_AND_CHEMISTRY = """
analytical chemistry; atmospheric science; batteries; biochemistry; catalysis; catalysts; chemistry;
climate; climate change; climate science; drought; earthquakes; ecology; electrochemistry; energy; energy
storage; environment; environmental science; fisheries; floods; forests; fuel cells; geochemistry; geology;
geophysics; glaciers; groundwater; hydrology; inorganic chemistry; materials; materials science;
meteorology; minerals; molecules; oceanography; oceans; organic chemistry; photovoltaics; physical
chemistry; pollution; remote sensing; renewable energy; rivers; sediments; seismology; soil science; soils;
solar cells; solar energy; solar system; volcanoes; wastewater treatment; water resources; weather; weather
forecasting; wind energy; wind power
"""

LIFE_AND_MEDICINE = """
aging; agriculture; allergy; anatomy; anesthesia; antibiotics; antimicrobial resistance; asthma; bacteria;
biodiversity; biology; biomechanics; biophysics; birds; blood pressure; botany; brain; breast cancer;
cancer; cancer screening; cardiology; cardiovascular disease; cell biology; cells; child health; children;
chronic pain; clinical trials; cognition; cognitive neuroscience; coronary heart disease; dementia;
dentistry; depression; dermatology; developmental biology; diabetes; diagnosis; diseases; drug discovery;
drugs; emergency medicine; endocrinology; entomology; epidemics; epidemiology; evolution; evolutionary
biology; exercise; family medicine; gene expression; gene regulation; general practice; genes; genetics;
genomes; genomics; gut microbiome; health care; health policy; health services; heart failure; HIV;
hypertension; immunology; infection; infectious diseases; insects; intensive care; kidney disease; maternal
health; medical imaging; medicine; mental health; metabolism; microbiology; microbiome; molecular biology;
neurology; neurons; neuroscience; nursing; nutrition; obesity; obstetrics; oncology; ophthalmology;
orthopaedics; pain; paediatrics; palliative care; pathology; patient safety; pediatrics; pharmacology;
phylogenetics; physical activity; physiology; plants; population dynamics; population genetics; pregnancy;
primary care; protein folding; protein structure; proteins; psychiatry; psychology; public health;
radiology; rehabilitation; RNA; sexual health; sleep; smoking; smoking cessation; species; stroke; substance
use; surgery; systems biology; tuberculosis; vaccination; vaccines; veterinary medicine; virology; viruses;
zoology
"""

SOCIETY_AND_ENGINEERING = """
accounting; advertising; aerospace; anthropology; archaeology; architecture; art; astronautics; auctions;
aviation; banking; behavioural economics; bibliometrics; business; buildings; cities; citizen science; civil
engineering; communication; communication networks; construction; consumer behaviour; corporate finance;
credit risk; criminology; culture; decision making; decision support; demography; development economics;
econometrics; economic growth; economics; education; elections; electrical engineering; electricity markets;
employment; energy systems; engineering; ethics; finance; financial markets; financial mathematics; gender;
geography; governance; health economics; higher education; history; history of mathematics; history of
physics; history of science; housing; human behaviour; human rights; industrial engineering; inequality;
innovation; international trade; labour market; language learning; law; learning; linguistics; literature;
logistics; macroeconomics; manufacturing; marketing; mechanical engineering; media;
microeconomics; migration; mining; monetary policy; music; networks; option pricing; philosophy; philosophy
of science; political science; politics; portfolio optimization; portfolio selection; poverty; power
grids; power systems; prisons; public opinion; public policy; public transport; regional development;
religion; risk management; schools; science education; smart grids; social behaviour; social policy; social
sciences; sociology; sports; supply chains; sustainability; taxation; teacher education; teaching;
telecommunications; tourism; traffic; transport; transportation; universities; urban planning; violence;
voting; welfare
"""

VAGUE = """
acceleration access accuracy adaptation agreement alignment allocation amplitude annotation approximation
arrangement arrays assembly assessment asset attendee attribute axiom axis balance band bias block boundary
breaking bundle calibration candidate capacity center centre chain channel character characterization check
circle city cluster code coefficient coherence collaboration community competition completeness complexity
compression concentration conductivity conjecture connectivity consistency constant content convergence
conversation coordination core corollary count counterpart coupling coverage criterion crowd curve cycle
damage day decay decision decomposition deformation delay demand density deployment depth detection
deviation device diameter diffusion disorder dispersion dissipation distance diversity document dry duration
earlier edge embedding entity entropy envelope estimator event exchange execution expert exponential
expression factorization family filter flexibility fluctuation flux force format forward fraction fragment
frame gain gradient grid growth height heterogeneity hierarchy host identification identity index individual
inequality inference infrastructure inhomogeneity instability instrument integral integration intensity
interface interference interval intervention invariant inversion island item iteration judgment kernel label
language lattice layer layout leader library lifetime likelihood link location locus luminosity machine
magnitude maintenance management map mapping margin market mass match matching matrix maximum memory
metadata mineralization minimum mixture mobility modality module moment momentum monitoring morphology
movement multiplication multiplicity narrative need neighbor neighbour night noise normalization novelty
occurrence online optimality organisation organization orientation origin oscillation overhead overlap
packet paradigm participant partition partner path peak penalty perception period permutation perturbation
plane player polarity policy population position preference preparation pressure probe processing production
professional profile program programme prompt proof propagation protection protocol pulse quantification
query radius ratio reaction recall recognition recommendation reconstruction record recovery recursion
reduction reference refinement regularity regularization reliability reminder repetition report reporting
resilience resolution return review reward rotation routine row safety satisfaction saturation scaling
schedule science sea secret sector segment segmentation selection sensitivity sentence separation session
severity sharp shift similarity simplification site slope slow society solver sparsity specification
spectrum speed sphere spread stability stage strain stream stress subject submission subspace substitution
suppression surface switch symbol symmetry symptom synchronization syntax tail target temperature template
tension text threshold throughput trace trade-off trajectory transfer transform transformation transmission
transport trial tuning uncertainty uniqueness university validation variability variance vector velocity
vertex viscosity visit volume wavelength weight word workflow workload
"""

SUBJECT_KEYS = frozenset(
    tuple(map(normal_form, subject.split()))
    for group in (
        MATHEMATICS,
        COMPUTING,
        PHYSICS,
        EARTH_AND_CHEMISTRY,
        LIFE_AND_MEDICINE,
        SOCIETY_AND_ENGINEERING,
    )
    for subject in group.replace("\n", " ").split(";")
    if subject.strip()
)
"""The subjects, as the normal forms of their words."""

DISCIPLINE_ENDINGS = (
    "algebra",
    "education",
    "engineering",
    "finance",
    "ics",
    "law",
    "learning",
    "logy",
    "medicine",
    "nomy",
    "phy",
    "science",
    "try",
    "vision",
)

DISCIPLINE_KEYS = frozenset(key for key in SUBJECT_KEYS if key[-1].endswith(DISCIPLINE_ENDINGS))
"""Of the subjects those that are disciplines: the names of whole branches, and so no "set theory"."""

VAGUE_WORDS = frozenset(map(normal_form, VAGUE.split()))
"""Quantities, actions and parts: no name of a topic without another word beside them."""

VAGUE_OR_GENERIC = VAGUE_WORDS | GENERIC_WORDS


def is_vague(key: tuple[str, ...]) -> bool:
    """Say whether the words of a phrase name nothing even together: "market model"; no subject is vague."""
    return key not in SUBJECT_KEYS and VAGUE_OR_GENERIC.issuperset(key)
