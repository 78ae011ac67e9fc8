import type { KnownDataset, KnownFile } from "./known_dataset.ts";

// Sizes and checksums as published: by the package tensorflow-datasets 4.9.10 (SHA-256), by medmnist 3.0 (MD5; sizes by mirrors of
// it), by many independent downloads of EuroSAT (the record of Zenodo) and TrashNet (the commit of its repository).

/** A file whose published checksum is a SHA-256. */
function sha256(name: string, address: string, bytes: number, hex: string): KnownFile {
  return { name, addresses: [address], bytes, checksum: { algorithm: "sha256", hex } };
}

/** The four files of MNIST's format: the folder where they are, and size and SHA-256 of each. */
function mnistFiles(folder: string, files: readonly (readonly [bytes: number, hex: string])[]): KnownFile[] {
  const names = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
  ];
  return names.map((name, i) => sha256(name, folder + name, files[i]![0], files[i]![1]));
}

/** A dataset of MedMNIST at 28x28, of which an MD5 is published. */
function medMnistFile(name: string, hex: string, size: Pick<KnownFile, "bytes" | "roundedTo">): KnownFile {
  const address = `https://zenodo.org/records/10519652/files/${name}.npz?download=1`;
  return { name: `${name}.npz`, addresses: [address], checksum: { algorithm: "md5", hex }, ...size };
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));
const MED_MNIST = "MedMNIST v2, Yang et al. 2023, https://medmnist.com";

const CIFAR_100 = (
  "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly " +
  "camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup " +
  "dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower " +
  "leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid " +
  "otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray " +
  "road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar " +
  "sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle " +
  "wardrobe whale willow_tree wolf woman worm"
).split(" ");

/** Public datasets that can be fetched by name, the small and well-known first. */
export const KNOWN_DATASETS: readonly KnownDataset[] = [
  {
    name: "mnist",
    images: 70_000,
    files: mnistFiles("https://storage.googleapis.com/cvdf-datasets/mnist/", [
      [9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"],
      [28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"],
      [1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"],
      [4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"],
    ]),
    info: {
      description: "Handwritten digits",
      classes: DIGITS,
      source: "LeCun et al. 1998",
      licence: "not stated by its authors; copies say CC BY-SA 3.0",
    },
  },
  {
    name: "fashion-mnist",
    images: 70_000,
    files: mnistFiles("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", [
      [26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
      [29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
      [4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
      [5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"],
    ]),
    info: {
      description: "Articles of clothing",
      classes: [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
      ],
      source: "Xiao et al. 2017, https://github.com/zalandoresearch/fashion-mnist",
      licence: "MIT",
    },
  },
  {
    name: "kmnist",
    images: 70_000,
    files: mnistFiles("http://codh.rois.ac.jp/kmnist/dataset/kmnist/", [
      [18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"],
      [29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"],
      [3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"],
      [5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"],
    ]),
    info: {
      description: "Cursive Japanese characters",
      classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
      source: "Clanuwat et al. 2018, https://github.com/rois-codh/kmnist",
      licence: "CC BY-SA 4.0",
    },
  },
  {
    name: "cifar-10",
    images: 60_000,
    files: [
      sha256(
        "cifar-10-binary.tar.gz",
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      ),
    ],
    info: {
      description: "Small photographs of ten kinds of things",
      classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
      source: "Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html",
      licence: "not stated",
    },
  },
  {
    name: "cifar-100",
    images: 60_000,
    files: [
      sha256(
        "cifar-100-binary.tar.gz",
        "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
        168_513_733,
        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      ),
    ],
    info: {
      description: "Small photographs of a hundred kinds of things",
      classes: CIFAR_100,
      source: "Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html",
      licence: "not stated",
    },
  },
  {
    name: "imagenette-160",
    images: 13_394,
    files: [
      sha256(
        "imagenette2-160.tgz",
        "https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz",
        99_003_388,
        "64d0c4859f35a461889e0147755a999a48b49bf38a7e0f9bd27003f10db02fe5",
      ),
    ],
    info: {
      description: "Photographs of ten easy classes of ImageNet, 160 pixels the shorter side",
      classes: [
        "tench",
        "English springer",
        "cassette player",
        "chain saw",
        "church",
        "French horn",
        "garbage truck",
        "gas pump",
        "golf ball",
        "parachute",
      ],
      source: "Howard, https://github.com/fastai/imagenette",
      licence: "Apache 2.0 for the collection; the photographs are ImageNet's, for non-commercial research",
    },
  },
  {
    name: "flowers-5",
    images: 3_670,
    files: [
      sha256(
        "flower_photos.tgz",
        "http://download.tensorflow.org/example_images/flower_photos.tgz",
        228_813_984,
        "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
      ),
    ],
    info: {
      description: "Photographs of five kinds of flowers",
      classes: ["daisy", "dandelion", "roses", "sunflowers", "tulips"],
      source: "The TensorFlow team, http://download.tensorflow.org/example_images/flower_photos.tgz",
      licence: "CC BY 2.0, by photograph (LICENSE.txt in the archive)",
    },
  },
  {
    name: "eurosat",
    images: 27_000,
    files: [sha256(
      "EuroSAT_RGB.zip",
      "https://zenodo.org/records/7711810/files/EuroSAT_RGB.zip?download=1",
      94_658_721,
      "b4f5b234ecb7d7ff9c6cddb046543b4717c53fd6e9815be6c0e80cc614f51b90",
    )],
    info: {
      description: "Land use seen from the Sentinel-2 satellite, 64x64",
      classes: [
        "AnnualCrop",
        "Forest",
        "HerbaceousVegetation",
        "Highway",
        "Industrial",
        "Pasture",
        "PermanentCrop",
        "Residential",
        "River",
        "SeaLake",
      ],
      source: "Helber et al. 2019, https://zenodo.org/records/7711810",
      licence: "MIT",
    },
  },
  {
    name: "trashnet",
    images: 2_527,
    files: [sha256(
      "dataset-resized.zip",
      "https://raw.githubusercontent.com/garythung/trashnet/6fa2b878c6c1b4304b91109070ce0edf9279bb31/data/dataset-resized.zip",
      42_834_870,
      "0bf472790f8b20e5c950d5b5012a9d38af0d3392efd65f8ce171334fc16b07c2",
    )],
    info: {
      description: "Photographs of waste by material, 512x384",
      classes: ["cardboard", "glass", "metal", "paper", "plastic", "trash"],
      source: "Thung and Yang 2016, https://github.com/garythung/trashnet",
      licence: "MIT",
    },
  },
  {
    name: "pathmnist",
    images: 107_180,
    files: [medMnistFile("pathmnist", "a8b06965200029087d5bd730944a56c1", { bytes: 205_615_438 })],
    info: {
      description: "Tissue of the colon under the microscope, 28x28",
      classes: [
        "adipose",
        "background",
        "debris",
        "lymphocytes",
        "mucus",
        "smooth muscle",
        "normal colon mucosa",
        "cancer-associated stroma",
        "colorectal adenocarcinoma epithelium",
      ],
      source: MED_MNIST,
      licence: "CC BY 4.0",
    },
  },
  {
    name: "dermamnist",
    images: 10_015,
    files: [medMnistFile("dermamnist", "0744692d530f8e62ec473284d019b0c7", { bytes: 19_700_000, roundedTo: 100_000 })],
    info: {
      description: "Skin lesions, 28x28",
      classes: [
        "actinic keratoses and intraepithelial carcinoma",
        "basal cell carcinoma",
        "benign keratosis-like lesions",
        "dermatofibroma",
        "melanoma",
        "melanocytic nevi",
        "vascular lesions",
      ],
      source: MED_MNIST,
      licence: "CC BY-NC 4.0",
    },
  },
  {
    name: "bloodmnist",
    images: 17_092,
    files: [medMnistFile("bloodmnist", "7053d0359d879ad8a5505303e11de1dc", { bytes: 35_461_855 })],
    info: {
      description: "Blood cells under the microscope, 28x28",
      classes: [
        "basophil",
        "eosinophil",
        "erythroblast",
        "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)",
        "lymphocyte",
        "monocyte",
        "neutrophil",
        "platelet",
      ],
      source: MED_MNIST,
      licence: "CC BY 4.0",
    },
  },
  {
    name: "pneumoniamnist",
    images: 5_856,
    files: [medMnistFile("pneumoniamnist", "28209eda62fecd6e6a2d98b1501bb15f", { bytes: 4_170_669 })],
    info: {
      description: "X-rays of children's chests, 28x28",
      classes: "normal, pneumonia".split(", "),
      source: MED_MNIST,
      licence: "CC BY 4.0",
    },
  },
  {
    name: "breastmnist",
    images: 780,
    files: [medMnistFile("breastmnist", "750601b1f35ba3300ea97c75c52ff8f6", { bytes: 559_580 })],
    info: {
      description: "Ultrasound of breasts, 28x28",
      classes: ["malignant", "normal, benign"],
      source: MED_MNIST,
      licence: "CC BY 4.0",
    },
  },
];

/** The known dataset of a name; undefined if there is none. */
export function knownDataset(name: string): KnownDataset | undefined {
  return KNOWN_DATASETS.find((known) => known.name === name);
}

/** Hosts from which they come, sorted, each once: all that fetching needs of the network. */
export function knownHosts(): string[] {
  const addresses = KNOWN_DATASETS.flatMap(({ files }) => files.flatMap(({ addresses }) => addresses));
  return [...new Set(addresses.map((address) => new URL(address).host))].sort();
}
